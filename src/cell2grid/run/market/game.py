"""A study's markets as the arrays that the engine ``market`` reads, and what it finds of them for all members.

Plants, firms and markets of the game are those that can sell, decide and make a price; the others are left to the
ledger. ``solved`` is for those who ask many times: no more than ``capability`` and what limits sales is worked out
before. How a run goes on from here is in ``run/ensemble.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines import engine
from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import months_between
from cell2grid.nomenclature import labelled, variable
from cell2grid.run.inputs.shocks import Shocks
from cell2grid.run.market.borders import border_values, importers_share, quota_names, selling
from cell2grid.run.market.capacities import capacity_values, followed, free_output
from cell2grid.run.market.choosing import Choices, check_deciders, choices_of, chosen, joined
from cell2grid.run.market.decisions import Deciding, conduct_values, deciding
from cell2grid.run.market.demand import demand_values, forms, points_of
from cell2grid.run.market.held_up import check_held, held_up, shipped_when_free
from cell2grid.run.market.making import making_values
from cell2grid.run.market.money import Money
from cell2grid.run.market.terms import Terms, terms_of
from cell2grid.run.market.wars import war_values

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.study.model import Study

KEPT = ("sales_capacity", "nameplate_capacity", "nameplate_utilisation", "fixed_cost_rate")


def has_market(study: Study) -> bool:
    """Whether a study has markets that make their own price, and says how firms sell there."""
    return study.competition is not None and all(selling(study))


@dataclass(frozen=True, slots=True, eq=False)
class Game:
    """The markets of a study for some of its members: all that ``market`` reads but what plants can sell.

    ``asked`` (member, market, term) says where somebody asks for something; ``margin`` (member) is what importers keep
    of the price abroad, ``abroad`` (plant, market) where that is; ``choices`` are markets of firms' own variants;
    ``quotas`` are those of duties, after which come the limits that shocks set.
    """

    arrays: xr.Dataset
    terms: Terms
    stretches: tuple[Deciding, ...]
    asked: NDArray[np.bool_]
    margin: NDArray[np.float64]
    abroad: NDArray[np.bool_]
    choices: Choices | None
    quotas: tuple[str, ...]

    @property
    def plants(self) -> list[str]:
        """The plants that sell."""
        return [str(name) for name in self.arrays["plant"].values]

    def at_war(self) -> Deciding:
        """Who decides in the first term of the price war."""
        first = int(np.argmax(self.arrays["war"].values.max(axis=(0, 1)) > 0.0))
        return next(one for one in self.stretches if first < one.after)

    @property
    def markets(self) -> list[str]:
        """The markets that make their price."""
        return [str(name) for name in self.arrays["market"].values]


def game_of(study: Study, figures: Figures, without: Sequence[str] = ()) -> Game | None:
    """The markets of a study for the members of ``figures``, without some of its shocks; None where it has none.

    Raises
    ------
    StudyError
        A cost, a rate of exchange or a price is missing.
    """
    if not has_market(study) or study.competition is None:
        return None
    import xarray as xr

    plants, markets = selling(study)
    terms = terms_of(study)
    money = Money(study, figures, terms, study.competition.currency)
    shocks = Shocks(study, figures, months_between(study.horizon.start, study.horizon.end), without)
    points = points_of(money, markets, shocks)
    asked = points.quantity > 0.0
    stretches = tuple(deciding(study, plants, terms))
    for one in stretches:
        check_deciders(study, plants, one.decides)
    firms = list(stretches[0].firms)
    values = {
        **making_values(money, plants),
        **border_values(money, plants, markets),
        **demand_values(money, markets, points),
        **conduct_values(study, figures, terms, firms, markets),
        "demand_form": (("market",), np.array(forms(money, markets), dtype=object)),
    }
    values |= war_values(money, plants, firms, markets, values["cost_step"][1])
    dims, freight = values["selling_freight"]
    values["selling_freight"] = (dims, np.where(asked[:, None], freight, np.nan))
    coords = {
        "member": np.arange(figures.first, figures.first + figures.count),
        **{
            name: np.array(labels, dtype=object)
            for name, labels in {
                "plant": plants,
                "market": markets,
                "other_market": markets,
                "firm": firms,
                "other_firm": firms,
                "term": list(terms.labels),
                "quota": quota_names(study),
            }.items()
        },
    }
    abroad = np.array(
        [[study.plants[plant].region != study.markets[market].region for market in markets] for plant in plants]
    )
    choices = choices_of(money, points, plants, markets, firms)
    whole, quotas = labelled(xr.Dataset(values, coords)), tuple(quota_names(study))
    return Game(whole, terms, stretches, asked, importers_share(money), abroad, choices, quotas)


def played(game: Game, capacity: Mapping[str, object]) -> xr.Dataset:
    """What ``market`` finds for all members and terms, with what plants can sell and do sell of nameplate.

    Raises
    ------
    NotConvergedError
        The conditions of an equilibrium are not met.
    """
    import xarray as xr

    arrays = labelled(game.arrays.assign(capacity))
    if "war" in arrays:
        from cell2grid.engines.market.price_war import fought

        # what a war leaves goes from term to term, so that it has one table of who decides
        found = fought(_decided(arrays, game.at_war()))
    else:
        parts = [_played_by(game, arrays, one) for one in game.stretches]
        found = parts[0] if len(parts) == 1 else xr.concat(parts, dim="term", data_vars="all", join="exact")
    check_held(arrays, found, game.quotas)
    found = found.assign({name: arrays[name] for name in KEPT if name in arrays})
    # what a place on a way that a shock narrows is worth is part of its plant's profit, and told of no one else
    found = found.isel(quota=slice(0, len(game.quotas)), missing_dims="ignore")
    mended = _mended(game, found)
    return labelled(
        mended.assign({name: mended[name].transpose(*variable(str(name)).dims) for name in mended.data_vars})
    )


def _played_by(game: Game, arrays: xr.Dataset, one: Deciding) -> xr.Dataset:
    """What the markets come to in a stretch of terms in which the same firms decide."""
    own = _decided(arrays.isel(term=slice(one.first, one.after)), one)
    choices = game.choices
    if choices is None:
        return engine("market").solve(own)
    within = choices.in_terms(slice(one.first, one.after))
    markets = [name for name in game.markets if name not in choices.markets]
    plants = [name for name in game.plants if name not in choices.plants]
    found = chosen(within, own)
    if not markets:
        return found
    rest = own.sel(plant=plants, market=markets, other_market=markets)
    return joined(engine("market").solve(rest), found, own)


def _decided(arrays: xr.Dataset, one: Deciding) -> xr.Dataset:
    return labelled(
        arrays.assign(
            decides=(("plant",), np.array(one.decides, dtype=object)),
            firm_interest=(("firm", "other_firm"), one.interest),
        )
    )


def _mended(game: Game, found: xr.Dataset) -> xr.Dataset:
    """The writes with no price where nobody asks, the importers' part taken off the duties, and use of nameplate."""
    import xarray as xr

    asked = xr.DataArray(game.asked, dims=("member", "market", "term"))
    abroad = xr.DataArray(game.abroad, dims=("plant", "market"))
    margin = xr.DataArray(game.margin, dims=("member",))
    price = found["market_price"].where(asked)
    imported = found["sales"].where(abroad, 0.0).sum("plant")
    kept = (margin * found["market_price"] * imported).where(margin > 0.0, 0.0)
    nameplate = found["nameplate_capacity"]
    return found.assign(
        market_price=price,
        duty_revenue=found["duty_revenue"] - kept,
        nameplate_utilisation=found["plant_sales"] / nameplate.where(nameplate > 0.0),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A game that was solved, with the arrays of ``supply`` that follow it."""

    found: xr.Dataset
    arrays: xr.Dataset


def played_in(game: Game, arrays: xr.Dataset) -> Played:
    """The markets with what plants can sell by the arrays of ``supply``, to which ``capability`` has written."""
    held, free, capacity = _able(game, arrays)
    found = played(held, capacity)
    follows = followed(arrays, found, free, game.terms)
    if "war" not in game.arrays:
        follows = shipped_when_free(follows, found, free, game.abroad, game.terms)
    return Played(found, follows)


def _able(game: Game, arrays: xr.Dataset) -> tuple[Game, NDArray[np.float64], dict[str, object]]:
    """The game with what shocks leave of its ways, what plants could sell in each month, and in each term."""
    free = free_output(arrays, game.plants, game.markets)
    apart = () if game.choices is None else game.choices.markets
    ways = held_up(game.arrays, arrays, free, game.abroad, game.terms, apart)
    nameplate = arrays["capacity"].sel(plant=game.plants).transpose("member", "plant", "period").values
    return replace(game, arrays=ways), free, capacity_values(free, nameplate, game.terms)


def widened(found: xr.Dataset, arrays: xr.Dataset) -> xr.Dataset:
    """What was found by the labels of all plants and markets of a study, missing of those that are not in the game."""
    return labelled(found.reindex(plant=arrays["plant"].values, market=arrays["market"].values))


def solved(
    study: Study,
    *,
    members: int | None = None,
    seed: int | None = None,
    without: Sequence[str] = (),
    figures: Figures | None = None,
) -> xr.Dataset:
    """What a study's markets come to in all members: the writes of ``market`` and what plants can sell.

    The members draw as in a run with as many of them, so that studies that differ in one thing can be held against each
    other member by member.

    Parameters
    ----------
    figures
        The members, instead of so many with a seed.

    Raises
    ------
    StudyError
        The study has no markets that make their own price, or something is missing.
    NotConvergedError
        The conditions of an equilibrium are not met.
    """
    import xarray as xr

    from cell2grid.run.ensemble import CHUNK, drawn_members

    if not has_market(study):
        raise StudyError(
            f"study '{study.study}' has no market that makes its own price; add 'competition', and 'price' and"
            " 'elasticity' to the demand of a market that a plant reaches"
        )
    if figures is not None:
        return _chunk(study, figures, without)
    count, key = study.members if members is None else members, study.seed if seed is None else seed
    chunks = [
        _chunk(study, drawn_members(study, key, count, first, min(CHUNK, count - first), None)(), without)
        for first in range(0, count, CHUNK)
    ]
    return chunks[0] if len(chunks) == 1 else xr.concat(chunks, dim="member", data_vars="minimal", join="exact")


def case_of(study: Study, figures: Figures) -> tuple[xr.Dataset, xr.Dataset]:
    """What ``market`` reads of a study with markets of its own, and what it finds, for the members of ``figures``.

    Who decides is that of the last term.
    """
    game, capacity = _game_with(study, figures, ())
    return _decided(game.arrays.assign(capacity), game.stretches[-1]), played(game, capacity)


def _chunk(study: Study, figures: Figures, without: Sequence[str]) -> xr.Dataset:
    return played(*_game_with(study, figures, without))


def _game_with(study: Study, figures: Figures, without: Sequence[str]) -> tuple[Game, dict[str, object]]:
    """The game, and what its plants can sell."""
    from cell2grid.run.ensemble import input_arrays

    game = game_of(study, figures, without)
    assert game is not None
    arrays = input_arrays(study, figures, without=without)
    arrays = arrays.merge(engine("capability").solve(arrays), compat="override", join="exact")
    held, _, capacity = _able(game, arrays)
    return held, capacity
