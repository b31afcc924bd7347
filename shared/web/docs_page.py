"""Renders the OpenAPI document as one HTML page, without scripts and without requests to other servers."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#1b1f24;background:#fff;
overflow-wrap:anywhere}section{overflow-x:auto}*{box-sizing:border-box}
h1{font-size:1.6rem}h2{font-size:1.1rem;margin:0}details{border:1px solid #c8ced6;border-radius:.4rem;margin:.6rem 0}
summary{cursor:pointer;padding:.6rem .8rem}section{padding:0 .8rem .8rem}table{border-collapse:collapse;width:100%}
td,th{border-top:1px solid #dfe3e8;padding:.3rem .4rem;text-align:left;vertical-align:top}pre{background:#f4f6f8;
overflow:auto;padding:.6rem}code,pre{font-family:ui-monospace,monospace;font-size:.9rem}b.m{display:inline-block;
min-width:4.5rem}small{color:#4a5561}@media(prefers-color-scheme:dark){body{color:#e6e9ec;background:#15181c}
pre{background:#20252b}small{color:#a9b4c0}details,td,th{border-color:#3a424b}a{color:#8ab8ff}}
</style></head><body>
<h1>{{ title }}</h1>
<p>Base <code>{{ base }}</code> · <a href="openapi.json">openapi.json</a> ·
errors are problem documents (RFC 9457) · <code>Authorization: Bearer &lt;token&gt;</code></p>
{% for each in operations %}<details id="{{ each.anchor }}"><summary><b class="m">{{ each.method }}</b>
<code>{{ each.path }}</code> {{ each.summary }} <small>{{ each.roles }}</small></summary><section>
{% if each.description %}<p>{{ each.description }}</p>{% endif %}
{% if each.parameters %}<table><tr><th>Parameter</th><th>In</th><th>Form</th><th></th></tr>
{% for p in each.parameters %}<tr><td><code>{{ p.name }}</code>{{ " *" if p.required }}</td><td>{{ p.in }}</td>
<td><code>{{ p.form }}</code></td><td>{{ p.description }}</td></tr>{% endfor %}</table>{% endif %}
{% for body in each.bodies %}<h2>Body <small>{{ body.media }}</small></h2><pre>{{ body.form }}</pre>{% endfor %}
<table><tr><th>Answer</th><th></th><th>Form</th></tr>
{% for r in each.responses %}<tr><td>{{ r.status }}</td><td>{{ r.description }}</td><td><code>{{ r.form }}</code></td>
</tr>{% endfor %}</table></section></details>{% endfor %}
<h1>Forms</h1>
{% for schema in schemas %}<details id="form-{{ schema.name }}"><summary><code>{{ schema.name }}</code></summary>
<section><pre>{{ schema.text }}</pre></section></details>{% endfor %}
</body></html>
"""


@cache
def _page() -> Template:
    from jinja2 import Environment  # noqa: PLC0415 - slow to import, and this page is seldom requested

    return Environment(autoescape=True).from_string(_TEMPLATE)


def render(document: dict[str, Any]) -> str:
    """The HTML page of an OpenAPI document."""
    operations = [
        _operation(path, method, operation)
        for path, methods in document.get("paths", {}).items()
        for method, operation in methods.items()
    ]
    schemas = document.get("components", {}).get("schemas", {})
    return _page().render(
        title=document["info"]["title"],
        base=document["servers"][0]["url"],
        operations=operations,
        schemas=[{"name": name, "text": _pretty(schema)} for name, schema in sorted(schemas.items())],
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    return {
        "anchor": operation.get("operationId", f"{method}-{path}"),
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "roles": ", ".join(operation.get("x-roles", [])),
        "parameters": [
            {**parameter, "form": _form(parameter.get("schema", {})), "description": parameter.get("description", "")}
            for parameter in operation.get("parameters", [])
        ],
        "bodies": [
            {"media": media, "form": _pretty(content.get("example") or content.get("schema", {}))}
            for media, content in operation.get("requestBody", {}).get("content", {}).items()
        ],
        "responses": [
            {
                "status": status,
                "description": answer.get("description", ""),
                "form": ", ".join(_form(each.get("schema", {})) for each in answer.get("content", {}).values()),
            }
            for status, answer in sorted(operation.get("responses", {}).items())
        ],
    }


def _form(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(_form(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_form(schema.get('items', {}))}]"
    return str(schema.get("pattern") or schema.get("format") or schema.get("type") or "")


def _pretty(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(value, indent=2, ensure_ascii=False)
