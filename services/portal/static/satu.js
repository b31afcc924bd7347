// Focus, unsent input, upload progress, a lost connection. Pages work without it.
(() => {
  "use strict";
  const one = (selector, within = document) => within.querySelector(selector);
  const on = (name, listener, capture) => document.addEventListener(name, listener, capture);
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };

  // A new page begins at its error summary or h1; focus that a part lost goes to the part.
  const focus = (element) => {
    if (!element) return;
    if (!element.matches("a,button,input,select,textarea,[tabindex]")) element.tabIndex = -1;
    element.focus({preventScroll: !element.matches("[data-focus]")});
  };
  const free = () => document.activeElement === document.body;
  let was = true;
  on("htmx:before:swap", () => was = free());
  on("htmx:after:swap", ({detail: {ctx}}) => {
    tell("");
    ready();
    if (ctx.target === document.body) focus(one("[data-focus]") || one("#kabar") || one("h1") || one("#main"));
    else if (!was && free()) {
      const {target} = ctx, part = target?.isConnected ? target : document.getElementById(target?.id);
      focus(part && (one("[data-focus],h2,h3", part) || part) || one("h1"));
    }
  });

  on("htmx:before:response", (event) => {
    const {response, request} = event.detail.ctx;
    if (request.method !== "GET" || /html/.test(response.headers.get("content-type") || "html")) return;
    event.preventDefault();
    location.href = request.action;
  });

  const tell = (text) => {
    const place = one("#connection");
    if (place && place.textContent !== text) place.textContent = text;
  };
  const lost = () => tell(one("#connection")?.dataset.lost || "");
  on("htmx:error", ({detail}) => detail.ctx && lost());

  // A form is sent once.
  on("submit", (event) => {
    const form = event.target, now = Date.now();
    if (now - (form.sentAt || 0) < 1000) stop(event);
    else form.sentAt = now;
  }, true);

  // <form data-draft="key"> is kept in this tab until a page has data-draft-sent="key".
  const key = (name) => "draft:" + name;
  const fields = (form) => [...form.elements].filter(({name, type}) => name && !/^(hidden|file|password|submit)$/.test(type));
  const ready = () => {
    document.querySelectorAll("[data-draft-sent]").forEach(({dataset}) => sessionStorage.removeItem(key(dataset.draftSent)));
    document.querySelectorAll("form[data-draft]").forEach((form) => {
      const kept = sessionStorage.getItem(key(form.dataset.draft));
      if (!kept || form.restored) return;
      form.restored = true;
      JSON.parse(kept).forEach(([name, value, checked]) => fields(form).filter((each) => each.name === name).forEach((each) => {
        if (!/radio|checkbox/.test(each.type)) each.value = value;
        else if (each.value === value) each.checked = checked;
      }));
      form.dispatchEvent(new Event("restored", {bubbles: true}));
    });
  };
  on("input", ({target: {form}}) => {
    if (form?.dataset.draft)
      sessionStorage.setItem(key(form.dataset.draft), JSON.stringify(fields(form).map((each) => [each.name, each.value, each.checked])));
  });

  // <form data-upload> shows its progress.
  on("submit", (event) => {
    const form = event.target, place = one("[data-upload-progress]", form);
    if (!form.matches("[data-upload]") || !place) return;
    stop(event);
    const request = new XMLHttpRequest();
    place.hidden = false;
    request.upload.onprogress = ({loaded, total}) => {
      const done = one("progress", place).value = Math.round(100 * loaded / total);
      one("p", place).textContent = done + " %";
    };
    request.onload = () => {
      if (request.status < 400) history.replaceState(history.state, "", request.responseURL);
      htmx.swap({text: request.responseText, target: document.body, swap: "outerSync", sourceElement: document.body});
    };
    request.onerror = () => { place.hidden = true; form.sentAt = 0; lost(); };
    request.open("POST", form.action);
    request.send(new FormData(form));
  }, true);

  ready();
  focus(one(".error-summary"));
})();
