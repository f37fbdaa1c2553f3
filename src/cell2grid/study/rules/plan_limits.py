"""Rules on the limits of a plan: each says what its kind needs, of something that is there, and can be kept alone.

Limits that no plan keeps together are found by the solver, which names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cell2grid.study.investing import Limit
from cell2grid.study.model import Study
from cell2grid.study.refusals import Problem
from cell2grid.study.rules.figures import count_problems
from cell2grid.study.rules.money import Form, form_problems
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import counted_noun

# the figures of which each kind takes one
TAKES: Mapping[str, tuple[str, ...]] = {
    "local-content": ("share",),
    "exports": ("share", "quantity"),
    "spending": ("money",),
    "capacity": ("quantity",),
    "sales": ("quantity",),
}
_SPENDING = Form({"USD/year": ("year",)})


def limits_say_one_thing(study: Study) -> Iterator[Problem]:
    """A limit has the one figure of its kind, in a unit that its products are counted in, and some months."""
    for row, limit in enumerate(() if study.investment is None else study.investment.limits):
        path: KeyPath = ("investment", "limits", row)
        takes = TAKES[limit.kind]
        said = [key for key in ("share", "quantity", "money") if getattr(limit, key) is not None]
        strange = [key for key in said if key not in takes]
        if strange:
            text = f"a limit on {limit.kind} takes {' or '.join(takes)}, and no {strange[0]}; leave it out"
            yield Problem((*path, strange[0]), text)
        elif not said:
            yield Problem(path, f"limits nothing; a limit on {limit.kind} needs {' or '.join(takes)}")
        elif len(said) > 1:
            text = f"has both {' and '.join(said)}; write a row for each"
            yield Problem(path, text)
        if limit.start is not None and limit.end is not None and limit.end < limit.start:
            yield Problem((*path, "end"), f"{limit.end} is before its start, {limit.start}; correct one of the two")
        if limit.money is not None and not limit.money.unfilled:
            yield from form_problems((*path, "money"), limit.money, _SPENDING)
        if limit.quantity is not None and not limit.quantity.unfilled:
            yield from _quantity_problems(study, limit, (*path, "quantity"))
        yield from _reach_problems(study, limit, path)


def _quantity_problems(study: Study, limit: Limit, path: KeyPath) -> Iterator[Problem]:
    quantity = limit.quantity
    if quantity is None:
        return
    if limit.product is not None:
        yield from count_problems(quantity, study.products[limit.product], path, limit.product)
        return
    noun = counted_noun(quantity.unit)
    for name in products_of(study, limit):
        product = study.products[name]
        if noun is None and product.energy is None:
            text = f"'{quantity.text}' is energy, and '{name}' has none for an item; name a 'product' in the limit"
            yield Problem(path, text)
            return
        if noun is not None and noun != product.counted_in:
            text = f"'{quantity.text}' counts in '{noun}', and '{name}' in '{product.counted_in}'"
            yield Problem(path, f"{text}; name a 'product' in the limit, or write its energy")
            return


def products_of(study: Study, limit: Limit) -> list[str]:
    """The products that a limit holds for: the one it names, or all that markets of the study buy."""
    if limit.product is not None:
        return [limit.product]
    return list(dict.fromkeys(market.product for market in study.markets.values()))


def _reach_problems(study: Study, limit: Limit, path: KeyPath) -> Iterator[Problem]:
    """There is something that the limit binds: a market, or a plant or option."""
    plan = study.investment
    if plan is None:
        return
    made = [(plant.owner, plant.region, plant.makes) for plant in study.plants.values()]
    made += [(option.firm, option.region, option.makes) for option in plan.options.values()]
    sold = [(market.region, market.product) for market in study.markets.values()]
    wanted = f"{limit.firm or 'any firm'}, {limit.region or 'any region'}, {limit.product or 'any product'}"
    of_market = limit.kind in ("local-content", "sales")
    makers = any(
        limit.firm in (None, firm)
        and limit.product in (None, product)
        and (of_market or limit.region in (None, region))
        for firm, region, product in made
    )
    buyers = any(limit.region in (None, region) and limit.product in (None, product) for region, product in sold)
    if not makers or (of_market and not buyers):
        what = "no market, or nobody who makes for it," if of_market else "no plant or option"
        yield Problem(path, f"there is {what} of {wanted}, so that the limit binds nothing; correct a name")
