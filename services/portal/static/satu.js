// Focus after a swap, unsent input, upload progress, a lost connection. Every page works without it.
(() => {
  "use strict";
  const one = (selector, within = document) => within.querySelector(selector);
  const store = sessionStorage;

  // A new page begins at its error summary or h1; after a part was swapped, lost focus goes to the part.
  const focus = (element) => {
    if (!element) return;
    if (!element.matches("a,button,input,select,textarea,[tabindex]")) element.tabIndex = -1;
    element.focus({preventScroll: !element.matches("[data-focus]")});
  };
  document.addEventListener("htmx:after:swap", ({detail: {ctx}}) => {
    tell("");
    ready();
    if (ctx.target === document.body) focus(one("[data-focus]") || one("#kabar") || one("h1") || one("#main"));
    else if (document.activeElement === document.body) {
      const part = ctx.target?.isConnected ? ctx.target : document.getElementById(ctx.target?.id);
      focus(part && (one("[data-focus],h2,h3", part) || part) || one("h1"));
    }
  });

  // What failed on the way is told at the bottom of the page.
  const tell = (text) => {
    const place = one("#connection");
    if (place && place.textContent !== text) place.textContent = text;
  };
  const lost = () => tell(one("#connection")?.dataset.lost || "");
  document.addEventListener("htmx:error", ({detail}) => { if (detail.ctx) lost(); });
  addEventListener("online", () => tell(""));

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target, now = Date.now();
    if (now - (form.sentAt || 0) < 1000) { event.preventDefault(); event.stopImmediatePropagation(); }
    else form.sentAt = now;
  }, true);

  // <form data-draft="key"> is kept in this tab until a page has data-draft-sent="key".
  const key = (form) => "draft:" + form.dataset.draft;
  const fields = (form) => [...form.elements].filter((each) => each.name && !/^(hidden|file|password|submit)$/.test(each.type));
  const keep = (form) => store.setItem(key(form), JSON.stringify(fields(form).map((each) => [each.name, each.value, each.checked])));
  const ready = () => {
    document.querySelectorAll("[data-draft-sent]").forEach((each) => store.removeItem("draft:" + each.dataset.draftSent));
    document.querySelectorAll("form[data-draft]").forEach((form) => {
      const kept = store.getItem(key(form));
      if (!kept || form.restored) return;
      form.restored = true;
      JSON.parse(kept).forEach(([name, value, checked]) => fields(form).filter((each) => each.name === name).forEach((each) => {
        if (!/radio|checkbox/.test(each.type)) each.value = value;
        else if (each.value === value) each.checked = checked;
      }));
      form.dispatchEvent(new Event("restored", {bubbles: true}));
    });
  };
  document.addEventListener("input", ({target: {form}}) => { if (form?.dataset.draft) keep(form); });

  // <form data-upload> is sent with its progress shown.
  document.addEventListener("submit", (event) => {
    const form = event.target, place = one("[data-upload-progress]", form);
    if (!form.matches("[data-upload]") || !place) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const request = new XMLHttpRequest(), bar = one("progress", place), text = one("p", place);
    place.hidden = false;
    request.upload.onprogress = ({loaded, total}) => {
      bar.value = Math.round(100 * loaded / total);
      text.textContent = bar.value + " %";
    };
    request.onload = () => {
      history.replaceState(history.state, "", request.status < 400 ? request.responseURL : location.href);
      htmx.swap({text: request.responseText, target: document.body, swap: "outerSync", sourceElement: document.body});
    };
    request.onerror = () => { place.hidden = true; form.sentAt = 0; lost(); };
    request.open("POST", form.action);
    request.send(new FormData(form));
  }, true);

  ready();
  focus(one(".error-summary"));
})();
