# SPDX-License-Identifier: Apache-2.0
"""Renderings of templates a second, beside LiquidJS on the same templates and values.

    ./dev bench template [SECONDS]

Both have the template compiled and run in one thread; both must write the same bytes."""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
VALUES = {
    "customer": {"name": "Ada Byron", "given_name": "Ada", "city": "Ulm", "points": 1240},
    "products": [{"name": f"Product {i} & more", "price": 10.3 + i * 1.5, "code": f"A{i}",
                  "kind": "food" if i % 3 else "wear"} for i in range(12)],
}
TEMPLATES = {
    "greeting": ("text", "Hello {{ customer.given_name | default: 'you' }} of "
                         "{{ customer.city | upcase }}!\n"),
    "e-mail": ("html", "<html><body><h1>Dear {{ customer.name }},</h1>\n"
                       "{% if customer.points > 1000 %}<p>You have {{ customer.points }} points."
                       "</p>{% else %}<p>Welcome.</p>{% endif %}\n<table>\n"
                       "{% for product in products limit: 6 %}<tr class=\"{% cycle 'odd', 'even' %}"
                       "\"><td>{{ forloop.index }}</td><td>{{ product.name }}</td>"
                       "<td>{{ product.code | downcase | append: '-x' }}</td></tr>\n{% endfor %}"
                       "</table>\n" + "<p>Some words that are the same for everybody.</p>\n" * 40
                       + "<p>{{ customer.city }}</p></body></html>\n"),
    "lists": ("text", "{% assign food = products | where: 'kind', 'food' | sort: 'price' "
                      "| reverse %}{% for p in food %}{{ p.name | truncate: 12 }} "
                      "{{ p.price | times: 2 }}{% unless forloop.last %}, {% endunless %}"
                      "{% endfor %}\n{{ products | map: 'name' | join: '; ' }}\n"),
}


def run(command, seconds, template, values, kind):
    return subprocess.run([*command, str(seconds), template, values, kind], check=True, cwd=ROOT,
                          capture_output=True, text=True).stdout


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    ours = [str(ROOT / "build/bench/template")]
    theirs = ["node", str(ROOT / "bench/template_liquidjs.mjs")]
    print(f"{'template':10} {'bytes':>7} {'compiled in':>12} {'Tessera':>14} "
          f"{'LiquidJS':>12}  times")
    with tempfile.TemporaryDirectory() as folder:
        values = pathlib.Path(folder, "values.json")
        values.write_text(json.dumps(VALUES))
        for name, (kind, source) in TEMPLATES.items():
            template = pathlib.Path(folder, name)
            template.write_text(source)
            shown = [run(each, "show", template, values, kind) for each in (ours, theirs)]
            if shown[0] != shown[1]:
                sys.exit(f"{name}: the two write different texts:\n{shown[0]}\n{shown[1]}")
            count, took, size, compiled = map(int, run(ours, seconds, template, values,
                                                       kind).split())
            other, other_took, *_ = map(int, run(theirs, seconds, template, values, kind).split())
            mine, beside = count / took * 1e6, other / other_took * 1e6
            print(f"{name:10} {size:7} {compiled:9} µs {mine:12,.0f}/s {beside:10,.0f}/s "
                  f"{mine / beside:6.1f}")


if __name__ == "__main__":
    main()
