// Focus, unsent input, upload progress, a lost connection. Pages work without it.
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector) => document.querySelectorAll(selector);
  const on = (name, listener, capture) => document.addEventListener(name, listener, capture);
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };

  const focus = (element) => {
    if (!element) return;
    if (!element.matches("a,button,input,select,textarea,[tabindex]")) element.tabIndex = -1;
    element.focus({preventScroll: !element.matches("[data-focus]")});
  };
  const free = () => document.activeElement === document.body;
  let was = true;
  on("htmx:before:swap", () => was = free());
  on("htmx:after:swap", ({detail: {ctx}}) => {
    ctx.swap === "none" ? lost() : tell("");
    ready();
    if (ctx.target === document.body) focus(one("[data-focus]") || one("#kabar") || one("h1") || one("#main"));
    else if (!was && free()) {
      const {target} = ctx, part = target?.isConnected ? target : document.getElementById(target?.id);
      focus(part ? one("[data-focus],h2,h3", part) || part : one("h1"));
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

  on("submit", (event) => {
    const {target} = event, now = Date.now();
    if (now - target.sentAt < 1000) stop(event);
    else target.sentAt = now;
  }, true);

  const key = (name) => "draft:" + name;
  const fields = (form) => [...form.elements].filter(({name, type}) => name && !/^(hid|fil|pas|sub)/.test(type));
  const ready = () => {
    all("[data-draft-sent]").forEach((each) => {
      if (!each.closest("form")?.newer) sessionStorage.removeItem(key(each.dataset.draftSent));
    });
    all("form[data-draft]").forEach((form) => {
      const kept = sessionStorage.getItem(key(form.dataset.draft));
      if (!kept || form.restored) return;
      form.restored = true;
      JSON.parse(kept).forEach(([name, value, checked]) => fields(form).forEach((each) => {
        if (each.name !== name) return;
        if (!/radio|check/.test(each.type)) each.value = value;
        else if (each.value === value) each.checked = checked;
      }));
      form.dispatchEvent(new Event("restored", {bubbles: true}));
    });
  };
  on("htmx:before:request", ({target}) => {
    const form = target.closest("form");
    if (form) form.newer = false;
  });
  on("input", ({target: {form}}) => {
    if (!form?.dataset.draft) return;
    form.newer = true;
    sessionStorage.setItem(key(form.dataset.draft), JSON.stringify(fields(form).map((each) => [each.name, each.value, each.checked])));
  });

  on("submit", (event) => {
    const form = event.target, place = one("[data-upload-progress]", form);
    if (!place || !form.matches("[data-upload]")) return;
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
