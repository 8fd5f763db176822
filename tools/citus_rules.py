#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which statements of the product a Citus cluster can push to its machines, told from their text.

PostgreSQL's own parser reads every named block (libpg_query); how each table stands says
src/store/distribution.c; the rules are those of Citus' documentation. A statement is

    one      sent to the machine that the value of the distribution column names
    all      sent to every machine, whose answers are put together
    pulled   done in pieces: what a part of it gives is brought to the coordinator, or rows move
             between the machines, before the rest can go on
    refused  not possible on a cluster as it is written

    citus_rules.py                 every block and what it is
    citus_rules.py --check         those pulled or refused are the ones that docs/scale.md lists
    citus_rules.py --lake < FILE   the same of statements that a compiler wrote, one per line:
                                   name, TAB, statement

It knows no more than text tells: not how many rows, nor what a version of Citus does better.
"""
import ctypes
import ctypes.util
import json
import pathlib
import re
import sys

import embed_sql

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/scale.md"
NO_LIBRARY = 3

REMEDY = ("join by the distribution column; what depends on rows of other machines goes into a "
          "WITH … AS MATERIALIZED before it")
ONE, ALL, PULLED, REFUSED = "one", "all", "pulled", "refused"
WORST = [ONE, ALL, PULLED, REFUSED]

# What gives another result at each call or reads the clock; on each machine it would be another.
UNSTEADY = {"random", "now", "clock_timestamp", "statement_timestamp", "timeofday", "nextval",
            "gen_random_uuid", "txid_current", "current_setting"}
# Parts of these can be added up; what any other aggregate needs is every row.
ADDABLE = {"sum", "count", "min", "max", "avg", "bool_or", "bool_and", "every"}
AGGREGATES = ADDABLE | {"percentile_cont", "percentile_disc", "median", "mode", "array_agg",
                        "string_agg", "stddev_samp", "stddev", "variance", "var_samp", "corr"}


# ---- PostgreSQL's parser ----

class _Result(ctypes.Structure):
    _fields_ = [("tree", ctypes.c_char_p), ("output", ctypes.c_void_p),
                ("error", ctypes.POINTER(ctypes.c_char_p))]


def library():
    name = ctypes.util.find_library("pg_query") or "libpg_query.so.1504.0"
    try:
        found = ctypes.CDLL(name)
    except OSError:
        return None
    found.pg_query_parse.restype = _Result
    found.pg_query_parse.argtypes = [ctypes.c_char_p]
    return found


class Parser:
    def __init__(self, found):
        self.library = found

    def statements(self, sql):
        result = self.library.pg_query_parse(sql.encode())
        if result.error:
            raise ValueError(result.error[0].decode())
        return [s["stmt"] for s in json.loads(result.tree)["stmts"]]


def for_postgresql(sql):
    """As store/postgresql_dialect.c sends it: what stands in its comments counts."""
    return re.sub(r"/\* postgresql:(.*?)\*/", r"\1", sql, flags=re.S)


# ---- how tables stand ----

class Table:
    def __init__(self, name, stand, key, group):
        self.name, self.stand, self.key, self.group = name, stand, key, group
        self.columns = set()

    @property
    def is_spread(self):
        return self.stand == "TABLE_SPREAD"


def declared_tables():
    text = (ROOT / "src/store/distribution.c").read_text(encoding="utf-8")
    text = text.replace("GROUP_OF_CUSTOMERS", '"customer"')
    rows = re.findall(r'\{\s*"(\w+)",\s*(TABLE_\w+),\s*(NULL|"\w+"),\s*(NULL|"\w+"),', text)
    return {name: Table(name, stand, None if key == "NULL" else key.strip('"'),
                        None if group == "NULL" else group.strip('"'))
            for name, stand, key, group in rows}


def add_columns(parser, tables, sql):
    for statement in parser.statements(sql):
        if made := statement.get("CreateStmt"):
            table = tables.get(made["relation"]["relname"])
            if table:
                table.columns |= {e["ColumnDef"]["colname"] for e in made["tableElts"]
                                  if "ColumnDef" in e}
        elif changed := statement.get("AlterTableStmt"):
            for command in changed["cmds"]:
                column = command["AlterTableCmd"].get("def", {}).get("ColumnDef")
                if column and changed["relation"]["relname"] in tables:
                    tables[changed["relation"]["relname"]].columns.add(column["colname"])


def ledger_tables(parser):
    tables = declared_tables()
    for path in sorted((ROOT / "schema").glob("*.sql")):
        add_columns(parser, tables, path.read_text(encoding="utf-8"))
    return tables


def lake_tables(parser):
    """The views: facts show no home, so nothing is joined by it but within sale_line itself."""
    tables = declared_tables()
    blocks = embed_sql.blocks(ROOT / "src/store/lake_schema.sql")
    add_columns(parser, tables, blocks["lake_create"][1])
    for table in tables.values():
        if table.is_spread and table.key not in table.columns:
            table.key = None
    event = tables["event"]  # of which each machine unfolds its own products
    products = tables["event_product"] = Table("event_product", event.stand, event.key, event.group)
    products.columns = event.columns | {"event_id"}
    return {name: table for name, table in tables.items() if table.columns}


# ---- reading a tree ----

def children(node):
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def nodes(tree, kind, into_queries=True):
    """All nodes of a kind; those within subqueries only when asked for."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == kind:
                yield value
            if name == "SelectStmt" and not into_queries:
                continue
            yield from nodes(value, kind, into_queries)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value, kind, into_queries)


def path_of(column):
    return [f["String"]["sval"] if "String" in f else "*" for f in column["fields"]]


def name_of(call):
    return call["funcname"][-1]["String"]["sval"]


def conjuncts(condition):
    if not condition:
        return
    both = condition.get("BoolExpr")
    if both and both["boolop"] == "AND_EXPR":
        for part in both["args"]:
            yield from conjuncts(part)
    else:
        yield condition


def equality(condition):
    expression = condition.get("A_Expr")
    if (expression and expression["kind"] == "AEXPR_OP"
            and expression["name"][-1]["String"]["sval"] == "="):
        return expression.get("lexpr"), expression.get("rexpr")
    return None


def constant_of(node):
    while node and "TypeCast" in node:
        node = node["TypeCast"]["arg"]
    if node and "ParamRef" in node:
        return f"${node['ParamRef']['number']}"
    return json.dumps(node["A_Const"], sort_keys=True) if node and "A_Const" in node else None


# ---- one query ----

class Relation:
    """What stands in FROM under a name: a table, or a query with what is known of its columns."""

    def __init__(self, alias, stand, columns, key=None, group=None):
        self.alias, self.stand, self.columns = alias, stand, columns
        self.key, self.group = key, group
        self.pin = None  # the constant that the key equals

    @property
    def is_spread(self):
        return self.stand == "TABLE_SPREAD"


class Finding:
    def __init__(self, kind, why):
        self.kind, self.why = kind, why


class Linter:
    def __init__(self, parser, tables):
        self.parser, self.tables = parser, tables

    def statement(self, sql):
        """The worst of all, and why."""
        self.findings, self.spread = [], []
        for tree in self.parser.statements(for_postgresql(sql)):
            (kind, body), = tree.items()
            if kind == "SelectStmt":
                self.select(body, [], {})
            elif kind == "InsertStmt":
                self.insert(body)
            elif kind in ("UpdateStmt", "DeleteStmt"):
                self.change(kind, body)
        pins = {(r.group, r.pin) for r in self.spread}
        if self.spread and len(pins) == 1 and self.spread[0].pin:
            kept = [f for f in self.findings if f.why.startswith("!")]
            return (ONE, []) if not kept else (REFUSED, [f.why[1:] for f in kept])
        worst = max((f.kind for f in self.findings), key=WORST.index, default=ONE)
        if self.spread and worst == ONE:
            worst = ALL
        return worst, sorted({f.why.lstrip("!") for f in self.findings if f.kind == worst})

    def find(self, kind, why):
        self.findings.append(Finding(kind, why))

    # ---- FROM ----

    def relations(self, items, outer, ctes):
        found, joins, conditions = [], [], []
        for item in items:
            self.add_item(item, outer, ctes, found, joins, conditions)
        return found, joins, conditions

    def add_item(self, item, outer, ctes, found, joins, conditions):
        if join := item.get("JoinExpr"):
            left, right = [], []
            self.add_item(join["larg"], outer, ctes, left, joins, conditions)
            self.add_item(join["rarg"], outer, ctes, right, joins, conditions)
            found += left + right
            if "quals" in join:
                conditions.append(join["quals"])
            joins.append((join["jointype"], left, right, join.get("quals")))
        elif table := item.get("RangeVar"):
            found.append(self.named(table, ctes))
        elif query := item.get("RangeSubselect"):
            found.append(self.derived(query["subquery"]["SelectStmt"], query["alias"]["aliasname"],
                                      outer + found if query.get("lateral") else outer, ctes))

    def named(self, table, ctes):
        alias = table.get("alias", {}).get("aliasname", table["relname"])
        if table["relname"] in ctes and "schemaname" not in table:
            known = ctes[table["relname"]]
            return Relation(alias, known.stand, known.columns, known.key, known.group)
        known = self.tables.get(table["relname"])
        if not known:
            return Relation(alias, "TABLE_EVERYWHERE", set())
        return Relation(alias, known.stand, known.columns, known.key, known.group)

    def derived(self, query, alias, outer, ctes):
        inner = self.select(query, outer, ctes)
        columns = self.outputs(query)
        spread = [r for r in inner if r.is_spread]
        if not spread:
            stand = ("TABLE_COORDINATOR" if any(r.stand == "TABLE_COORDINATOR" for r in inner)
                     else "TABLE_EVERYWHERE")
            return Relation(alias, stand, set(columns))
        key = next((name for name, value in columns.items() if self.is_key(value, spread)), None)
        merges = self.merges(query, spread)
        if merges:
            self.find(PULLED, f"{alias}: {merges}")
            return Relation(alias, "INTERMEDIATE", set(columns))
        return Relation(alias, "TABLE_SPREAD", set(columns), key, spread[0].group)

    def outputs(self, query):
        while query.get("op", "SETOP_NONE") != "SETOP_NONE":
            query = query["larg"]
        columns = {}
        for place, target in enumerate(query.get("targetList", [])):
            value = target["ResTarget"].get("val", {})
            path = path_of(value["ColumnRef"]) if "ColumnRef" in value else None
            columns[target["ResTarget"].get("name") or (path[-1] if path else f"?{place}")] = value
        return columns

    @staticmethod
    def is_key(value, spread):
        if "ColumnRef" not in value:
            return False
        path = path_of(value["ColumnRef"])
        return any(r.key == path[-1] and (len(path) == 1 or path[-2] == r.alias) for r in spread)

    def groups_by_key(self, query, spread):
        grouped = [g for g in query.get("groupClause", [])]
        for group in grouped:
            if "A_Const" in group:
                place = group["A_Const"].get("ival", {}).get("ival", 0)
                group = query["targetList"][place - 1]["ResTarget"]["val"]
            if self.is_key(group, spread):
                return True
        return False

    def merges(self, query, spread):
        """Why the rows of such a subquery are complete only when all machines have answered."""
        if query.get("op", "SETOP_NONE") != "SETOP_NONE":
            return "a union is put together first"
        if "limitCount" in query or "limitOffset" in query:
            return "a limited subquery is computed first"
        if "distinctClause" in query:
            return "distinct rows are gathered first"
        calls = {name_of(c) for c in nodes(query.get("targetList", []), "FuncCall", False)}
        if ("groupClause" in query or calls & AGGREGATES) and not self.groups_by_key(query, spread):
            return "groups that are spread over machines are computed first"
        return None

    # ---- SELECT ----

    def select(self, query, outer, ctes):
        """The relations that it reads at this level."""
        ctes = self.with_ctes(query, outer, ctes)
        if query.get("op", "SETOP_NONE") != "SETOP_NONE":
            return self.select(query["larg"], outer, ctes) + self.select(query["rarg"], outer, ctes)
        found, joins, conditions = self.relations(query.get("fromClause", []), outer, ctes)
        self.level(found, joins, conditions + [query.get("whereClause")])
        self.shape(query, found)
        self.subqueries(query, found, outer, ctes)
        return found

    def with_ctes(self, query, outer, ctes):
        clause = query.get("withClause")
        if not clause:
            return ctes
        ctes = dict(ctes)
        for cte in (c["CommonTableExpr"] for c in clause["ctes"]):
            name = cte["ctename"]
            if clause.get("recursive"):
                ctes[name] = Relation(name, "TABLE_EVERYWHERE", set())
                before = len(self.spread)
                self.select(cte["ctequery"]["SelectStmt"], outer, ctes)
                if len(self.spread) > before:
                    self.find(REFUSED, f"{name} is recursive over several machines")
                continue
            made = self.derived(cte["ctequery"]["SelectStmt"], name, outer, ctes)
            if made.is_spread and cte.get("ctematerialized") == "CTEMaterializeAlways":
                self.find(PULLED, f"{name} is computed first")
                made.stand = "INTERMEDIATE"
            ctes[name] = made
        return ctes

    def level(self, found, joins, conditions):
        classes = Classes(found)
        for condition in conditions:
            for part in conjuncts(condition):
                if pair := equality(part):
                    classes.join(*pair)
        spread = [r for r in found if r.is_spread]
        for relation in spread:
            relation.pin = classes.constant(relation, relation.key)
        self.spread += spread
        if spread and any(r.stand == "TABLE_COORDINATOR" for r in found):
            self.find(PULLED, "a table of the coordinator is joined")
        if len(spread) > 1 and not self.beside(spread, classes):
            names = " and ".join(sorted({r.alias for r in spread}))
            outer = any(kind != "JOIN_INNER" and self.crosses(left, right, classes)
                        for kind, left, right, _ in joins)
            self.find(REFUSED if outer else PULLED,
                      f"{names} are joined otherwise than by their distribution columns")
        for kind, left, right, _ in joins:
            if kind == "JOIN_LEFT" and any(r.is_spread for r in right) and not any(
                    r.is_spread for r in left):
                self.find(PULLED, "what is spread is on the inner side of an outer join")

    @staticmethod
    def beside(spread, classes):
        first = spread[0]
        return all(r.key and r.group == first.group and classes.same(first, r) for r in spread)

    def crosses(self, left, right, classes):
        spread = [r for r in left + right if r.is_spread]
        return (any(r.is_spread for r in left) and any(r.is_spread for r in right)
                and not self.beside(spread, classes))

    def shape(self, query, found):
        spread = [r for r in found if r.is_spread]
        if not spread:
            return
        if "lockingClause" in query:
            self.find(REFUSED, "rows are locked on several machines")
        if any("GroupingSet" in g for g in query.get("groupClause", [])):
            self.find(REFUSED, "grouping sets are of one machine only")
        is_keyed = self.groups_by_key(query, spread)
        for call in nodes(query.get("targetList", []) + query.get("sortClause", []), "FuncCall",
                          False):
            if "over" in call:
                parts = call["over"].get("partitionClause", [])
                if not any(self.is_key(p, spread) for p in parts):
                    self.find(PULLED, "a window goes over the rows of all machines")
            elif is_keyed:
                continue
            elif call.get("agg_distinct") and name_of(call) in AGGREGATES:
                self.find(PULLED, "distinct values are gathered to be counted")
            elif name_of(call) in AGGREGATES - ADDABLE:
                self.find(PULLED, f"{name_of(call)} needs the rows themselves")

    # ---- subqueries in expressions ----

    def subqueries(self, query, found, outer, ctes):
        parts = [query.get("targetList"), query.get("whereClause"), query.get("havingClause"),
                 query.get("sortClause")]
        for link in nodes(parts, "SubLink", False):
            self.subquery(link, found, outer, ctes)

    def subquery(self, link, found, outer, ctes):
        inner = link["subselect"]["SelectStmt"]
        before = len(self.spread)
        read = self.select(inner, found + outer, ctes)
        spread = [r for r in read if r.is_spread]
        around = [r for r in found if r.is_spread]
        touches = len(self.spread) > before
        if not touches:
            if around and any(r.stand == "TABLE_COORDINATOR" for r in read):
                self.find(PULLED, "a table of the coordinator is asked for first")
            return
        links = self.ties(inner, read, found + outer)
        if links is None:  # stands for itself
            if not self.is_beside_in(link, inner, spread, around):
                self.find(PULLED, "a subquery is computed first and sent to where it is needed")
        elif not (around and all(any(self.tied(tie, r, around) for tie in links)
                                 for r in spread) and spread):
            self.find(REFUSED, "a subquery depends on a row otherwise than by the distribution "
                               "column")

    def is_beside_in(self, link, inner, spread, around):
        test = link.get("testexpr")
        outputs = list(self.outputs(inner).values())
        return bool(around and test and self.is_key(test, around) and outputs and spread
                    and self.is_key(outputs[0], spread) and spread[0].group == around[0].group
                    and not self.merges(inner, spread))

    @staticmethod
    def tied(tie, inner, around):
        return any(tie == ((inner.alias, inner.key), (o.alias, o.key)) and inner.group == o.group
                   for o in around if o.key and inner.key)

    def ties(self, inner, read, outer):
        """Equalities of an inner with an outer column; None when nothing of outside is named."""
        found, is_tied = [], False
        for column in nodes(inner, "ColumnRef"):
            if self.is_of(path_of(column), inner, read, outer):
                is_tied = True
        if not is_tied:
            return None
        for part in conjuncts(inner.get("whereClause")):
            pair = equality(part)
            if not pair or not all(p and "ColumnRef" in p for p in pair):
                continue
            a, b = ([self.resolved(path_of(p["ColumnRef"]), rs) for rs in (read, outer)]
                    for p in pair)
            if a[0] and not b[0] and b[1]:
                found.append((a[0], b[1]))
            elif b[0] and not a[0] and a[1]:
                found.append((b[0], a[1]))
        return found

    def is_of(self, path, inner, read, outer):
        own = [r.get("alias", {}).get("aliasname", r["relname"])
               for r in nodes(inner, "RangeVar")]
        own += [s["alias"]["aliasname"] for s in nodes(inner, "RangeSubselect")]
        if len(path) > 1:
            return path[-2] not in own and any(r.alias == path[-2] for r in outer)
        known = [self.tables[r["relname"]] for r in nodes(inner, "RangeVar")
                 if r["relname"] in self.tables]
        return not any(path[0] in r.columns for r in read + known) and any(
            path[0] in r.columns for r in outer)

    @staticmethod
    def resolved(path, relations):
        for relation in relations:
            if (path[-2] == relation.alias if len(path) > 1 else path[0] in relation.columns):
                return relation.alias, path[-1]
        return None

    # ---- writing ----

    def insert(self, body):
        table = self.tables.get(body["relation"]["relname"])
        query = body.get("selectStmt", {}).get("SelectStmt", {})
        if not table:
            return
        columns = [c["ResTarget"]["name"] for c in body.get("cols", [])]
        if table.is_spread:
            self.spread.append(self.target(table, body["relation"]))
            if table.key not in columns:
                self.find(REFUSED, f"!a row without {table.key} has no machine")
        if "valuesLists" in query:
            self.insert_values(table, columns, query)
        else:
            self.insert_rows(table, query)
        if conflict := body.get("onConflictClause"):
            self.conflict(table, conflict)

    def insert_values(self, table, columns, query):
        if not table.is_spread or table.key not in columns:
            return
        for row in query["valuesLists"]:
            value = row["List"]["items"][columns.index(table.key)]
            self.spread[0].pin = constant_of(value) or "computed"
            if next(nodes(value, "SubLink"), None):
                self.find(REFUSED, f"!{table.key} comes out of a subquery")

    def insert_rows(self, table, query):
        before = len(self.spread)
        self.select(query, [], {})
        reads = len(self.spread) > before
        if table.stand != "TABLE_COORDINATOR" or reads:
            self.find(PULLED, "the rows go over the coordinator")

    def conflict(self, table, clause):
        wanted = [e["IndexElem"].get("name") for e in clause.get("infer", {}).get("indexElems", [])]
        if table.is_spread and wanted and table.key not in wanted:
            self.find(REFUSED, f"!ON CONFLICT without {table.key}")
        if table.stand != "TABLE_COORDINATOR":
            self.steady(clause, "ON CONFLICT")

    def steady(self, tree, where):
        for call in nodes(tree, "FuncCall"):
            if name_of(call) in UNSTEADY:
                self.find(REFUSED, f"!{where} calls {name_of(call)}")

    @staticmethod
    def target(table, relation):
        alias = relation.get("alias", {}).get("aliasname", table.name)
        return Relation(alias, table.stand, table.columns, table.key, table.group)

    def change(self, kind, body):
        table = self.tables.get(body["relation"]["relname"])
        if not table:
            return
        target = self.target(table, body["relation"])
        ctes = self.with_ctes(body, [], {})
        others, joins, conditions = self.relations(
            body.get("fromClause", []) + body.get("usingClause", []), [], ctes)
        self.level([target] + others, joins, conditions + [body.get("whereClause")])
        self.subqueries(body, [target] + others, [], ctes)
        if table.is_spread and kind == "UpdateStmt":
            for changed in body["targetList"]:
                if changed["ResTarget"]["name"] == table.key:
                    self.find(REFUSED, f"!{table.key} says where the row stands, it cannot change")
        if table.stand != "TABLE_COORDINATOR":
            self.steady(body, "a change")


class Classes:
    """Columns that are equal, and the constants that some of them equal."""

    def __init__(self, relations):
        self.relations, self.parents, self.constants = relations, {}, {}

    def place(self, node):
        if not node or "ColumnRef" not in node:
            return None
        return Linter.resolved(path_of(node["ColumnRef"]), self.relations)

    def root(self, place):
        while self.parents.get(place, place) != place:
            place = self.parents[place]
        return place

    def join(self, left, right):
        a, b = self.place(left), self.place(right)
        if a and b:
            self.parents[self.root(a)] = self.root(b)
        elif (a or b) and (constant := constant_of(right if a else left)):
            self.constants[a or b] = constant

    def same(self, one, other):
        return self.root((one.alias, one.key)) == self.root((other.alias, other.key))

    def constant(self, relation, column):
        root = self.root((relation.alias, column))
        return next((value for place, value in self.constants.items()
                     if self.root(place) == root), None) if column else None


# ---- all blocks ----

def product_blocks():
    """But what fills a lake in a file: in PostgreSQL there is none."""
    for path in sorted((ROOT / "src").rglob("*.sql")):
        if path.name == "mirror.sql":
            continue
        for name, (targets, sql) in embed_sql.blocks(path).items():
            if "ledger" in targets:
                yield name, "ledger", sql
            elif "lake" in targets:
                yield name, "lake", sql


def lint(parser, statements):
    linters = {"ledger": Linter(parser, ledger_tables(parser)),
               "lake": Linter(parser, lake_tables(parser))}
    return {name: linters[place].statement(sql) for name, place, sql in statements}


def listed(text):
    """Rows "| `name` | pulled | …" of the document."""
    return {name: kind for name, kind
            in re.findall(r"^\| `(\w+)` \| (pulled|refused) \|", text, flags=re.M)}


def faults(results, known):
    found = []
    for name, (kind, why) in sorted(results.items()):
        if kind in (PULLED, REFUSED) and known.get(name) != kind:
            found.append(f"{name} is {kind} and docs/scale.md says {known.get(name, 'nothing')}; "
                         f"write it otherwise ({REMEDY}), or list it there: "
                         f"| `{name}` | {kind} | {'; '.join(why)} | what it costs |")
    for name, kind in sorted(known.items()):
        if name not in results:
            found.append(f"docs/scale.md lists {name}, which is no statement any more")
        elif results[name][0] not in (PULLED, REFUSED):
            found.append(f"docs/scale.md lists {name} as {kind}; it is {results[name][0]}")
    return found


def main(arguments):
    found = library()
    if not found:
        print("libpg_query is not installed (libpg-query-dev): no statement was looked at")
        return NO_LIBRARY
    if arguments == ["--lake"]:
        rows = (line.rstrip("\n").split("\t", 1) for line in sys.stdin)
        statements = [(name, "lake", sql) for name, sql in rows]
    else:
        statements = list(product_blocks())
    results = lint(Parser(found), statements)
    if arguments == ["--check"]:
        wrong = faults(results, listed(DOCUMENT.read_text(encoding="utf-8")))
        print("\n".join(wrong) if wrong else f"{len(results)} statements are as docs/scale.md says")
        return 1 if wrong else 0
    for name, (kind, why) in sorted(results.items(), key=lambda r: (WORST.index(r[1][0]), r[0])):
        print(f"{kind:8} {name}{': ' if why else ''}{'; '.join(why)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
