"""Run folders, out and in: what a run found, kept so that a report can be made from the folder alone.

::

    study.json      the study as it was run, its quantities as they were written
    results.nc      arrays of the nomenclature, all members
    tables/*.parquet  summaries; the same study, seed and version give the same bytes
    evidence.json   the claims used, their documents and checks
    manifest.json   versions, seed, input hashes, wall times; written last

Names, dims and units of the arrays and the columns of the tables are checked on both ways. A folder is written beside
its place and renamed when it is whole. What goes into the tables is said in ``cell2grid.run``.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cell2grid.errors import EngineError, RunFolderError
from cell2grid.nomenclature import require, variables

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FORMAT = 1
# a column of one name has one type in every table; a missing number or word is NULL
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("mean", "p10", "p50", "p90", "observed", "residual", "items", "undelivered"), "DOUBLE"),
        **dict.fromkeys(("price", "charge", "discharge", "energy"), "DOUBLE"),
        **dict.fromkeys(("commissioning", "npv", "irr", "equity_npv", "lcos", "payback", "debt_cover"), "DOUBLE"),
        **dict.fromkeys(("scale", "capital_cost", "low", "high", "npv_low", "npv_high", "npv_middle"), "DOUBLE"),
        **dict.fromkeys(("first", "first_low", "first_high", "total", "total_low", "total_high"), "DOUBLE"),
        **dict.fromkeys(("power", "hours", "npv_per_capital", "month", "before", "after", "change"), "DOUBLE"),
        **dict.fromkeys(("machines", "working", "setup", "down", "blocked", "starved", "queue", "rate"), "DOUBLE"),
        **dict.fromkeys(("direct", "attributable_low", "attributable_high", "votes"), "DOUBLE"),
        **dict.fromkeys(("power_low", "power_high"), "DOUBLE"),
        **dict.fromkeys(("share_low", "share_high", "cr4_low", "cr4_high", "hhi_low", "hhi_high"), "DOUBLE"),
        "firms": "BIGINT",
        "year": "BIGINT",
        "member": "BIGINT",
        "illustrative": "BOOLEAN",
        "one_more": "DOUBLE",
        "best": "BOOLEAN",
        "bottleneck": "BOOLEAN",
        **dict.fromkeys(("latitude", "longitude"), "DOUBLE"),
        "of_region": "BOOLEAN",
        "share": "DOUBLE",
        "within_noise": "BOOLEAN",
        "members": "BIGINT",
        **dict.fromkeys(("freight", "freight_p10", "freight_p90", "duty", "duty_p10", "duty_p90"), "DOUBLE"),
        **dict.fromkeys(("late_share", "late_days", "damages", "damages_p10", "damages_p90"), "DOUBLE"),
        **dict.fromkeys(("with_shocks", "without_shocks", "difference", "error"), "DOUBLE"),
        **dict.fromkeys(("with_it", "without_it"), "DOUBLE"),
        **dict.fromkeys(("begin", "finish", "rate"), "DOUBLE"),
        **dict.fromkeys(("cost", "cost_end", "sold"), "DOUBLE"),
        **dict.fromkeys(("prior", "prior_p10", "prior_p90", "p2_5", "p97_5", "rank", "p_value", "missed"), "DOUBLE"),
        **dict.fromkeys(("inside_80", "inside_95", "used"), "BOOLEAN"),
        **dict.fromkeys(("blocks", "pass", "blocks_changed"), "BIGINT"),
        **dict.fromkeys(("written", "value", "deviation", "modelled", "rise", "at_low", "at_high", "middle"), "DOUBLE"),
        **dict.fromkeys(("against_below", "against_below_low", "against_below_high", "against_share"), "DOUBLE"),
        **dict.fromkeys(("open_low", "open_high", "at_bound", "identified", "swung"), "BOOLEAN"),
        **dict.fromkeys(("capital", "price_change", "gain", "demand", "capacity", "output"), "DOUBLE"),
    }
)
_TEXT = "VARCHAR"
TABLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: tuple(columns.split())
        for name, columns in {
            "monthly": "variable entity destination period mean p10 p50 p90 unit",
            "observations": "name variable of start end observed mean p10 p90 residual unit source reference",
            "counterfactuals": "name quantity mean p10 p90 unit without",
            "projects": "project variable mean p10 p90 unit illustrative note",
            "deliveries": "project plant ordered items unit delivered_p10 delivered_p50 delivered_p90"
            " commissioning_p10 commissioning_p50 commissioning_p90 undelivered",
            "cash_flow": "project year mean p10 p90 unit",
            "dispatch": "project timestep price charge discharge energy currency",
            "life": "project variable unit year mean p10 p50 p90",
            "members": "project member commissioning npv irr equity_npv lcos payback debt_cover price_year scale"
            " capital_cost unit",
            "tornado": "project figure text unit low high npv_low npv_high npv_middle npv_unit",
            "shares": "project source first first_low first_high total total_low total_high",
            "size_map": "project power hours energy npv npv_low npv_high irr npv_per_capital unit best",
            "delay": "project month npv unit",
            "load": "timestep before after",
            "benefit": "variable unit before after change",
            "line": "station machines working setup down blocked starved queue rate one_more unit bottleneck",
            "calibration": "figure text unit prior prior_p10 prior_p90 mean p10 p90",
            "predictive": "name observed p2_5 p10 p50 p90 p97_5 rank p_value inside_80 inside_95 used unit",
            "operating": "project reported commissioning_p10 commissioning_p50 commissioning_p90 inside_80 missed unit",
            "counterfactual_months": "name case period mean p10 p90 unit",
            "owners": "company holder day direct attributable_low attributable_high votes control power_low"
            " power_high unit",
            "supplies": "supplier customer supplier_firm customer_firm product day share_low share_high basis"
            " reference",
            "concentration": "product basis day firms cr4_low cr4_high hhi_low hhi_high",
            "places": "kind entity region latitude longitude of_region mean unit",
            "flows": "kind origin target product mean p10 p90 unit",
            "variance": "result entity figure share low high within_noise members",
            "landing": "plant destination year freight freight_p10 freight_p90 duty duty_p10 duty_p90 unit",
            "orders": "order plant product region ordered wanted items unit delivered_p10 delivered_p50 delivered_p90"
            " undelivered late_share late_days damages damages_p10 damages_p90 currency",
            "without": "variable entity period with_shocks without_shocks difference p10 p50 p90 error unit",
            "compared": "variable kind entity market product side period with_it without_it difference p10 p50 p90"
            " error unit",
            "market": "market term variable mean p10 p50 p90 unit",
            "market_firms": "firm market term variable mean p10 p50 p90 unit",
            "market_plants": "plant term variable mean p10 p50 p90 unit",
            "market_flows": "plant firm region market destination term mean p10 p50 p90 unit",
            "market_groups": "kind entity term variable mean p10 p50 p90 unit",
            "ramp_fit": "series kind begin finish rate unit",
            "cost": "technology scope country component kind mean p10 p50 p90 unit",
            "supply_stack": "market period kind firm plant begin finish cost cost_end sold unit currency",
            "investment": "firm product region side year stage mean p10 p90 unit",
            "investment_totals": "side year stage mean p10 p90 unit",
            "builds": "option firm region product decided opens_p10 opens_p50 opens_p90 blocks capacity unit"
            " capital currency",
            "standing": "plant firm region term state",
            "plan_capacity": "firm region product term capacity output unit",
            "plan_passes": "pass blocks_changed price_change gain firm moved",
            "unserved": "market term demand mean p10 p90 unit",
            "fit": "figure title unit written value low high open_low open_high at_bound identified p2_5 p97_5"
            " against_title against_below against_below_low against_below_high against_share says",
            "fit_observations": "name observed deviation modelled p2_5 p10 p90 p97_5 inside_95 used unit",
            "fit_profile": "figure title value rise unit",
            "market_tornado": "result result_unit figure text unit low high at_low at_high middle swung",
        }.items()
    }
)
# a run without a valuation in depth does without these, and so does a folder of an earlier version
OPTIONAL = frozenset(
    (
        *("life", "members", "tornado", "shares", "size_map", "delay", "load", "benefit", "line", "places", "flows"),
        *("owners", "supplies", "concentration"),
        *("calibration", "predictive", "operating", "counterfactual_months", "variance"),
        *("landing", "orders", "without", "compared"),
        *("market", "market_firms", "market_plants", "market_flows", "market_groups"),
        "ramp_fit",
        "cost",
        "supply_stack",
        *("investment", "investment_totals", "builds", "standing", "plan_capacity", "plan_passes", "unserved"),
        *("fit", "fit_observations", "fit_profile", "market_tornado"),
    )
)
_FILES = ("study.json", "results.nc", "evidence.json", "manifest.json")


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What a run found: the study as it was run, arrays, tables, the manifest and the evidence.

    ``study_json`` is the text of ``study.json``; ``Study.model_validate_json`` makes a study of it. ``arrays`` is None
    where only the tables were read.
    """

    study_json: str
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    evidence: Mapping[str, Any]
    arrays: xr.Dataset | None = None

    @property
    def name(self) -> str:
        """The study's name."""
        return str(self.manifest["study"])


def write_results(results: Results, folder: Path, *, replace_other: bool = False) -> Path:
    """The folder, as an absolute path, in which the results now lie.

    Parameters
    ----------
    folder
        A new or empty folder, or a run folder of the same study, which is replaced.
    replace_other
        Replace a run folder of another study too.

    Raises
    ------
    RunFolderError
        The folder holds something else, or cannot be written.
    EngineError
        An array or a table is not as the nomenclature or ``TABLES`` says.
    """
    place = Path(folder).absolute()
    check_place(place, results.name, replace_other=replace_other)
    _check_arrays(results.arrays, EngineError)
    for name, frame in results.tables.items():
        _check_columns(name, list(frame.columns), EngineError)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _clear_partial(place)
        partial = place.parent / f".{place.name}.partial-{os.getpid()}"
        try:
            _write_files(results, partial)
            _put_in_place(partial, place)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise RunFolderError(
            f"run folder '{folder}' cannot be written: {error.strerror or error}; give another --out"
        ) from None
    return place


def check_place(folder: Path, study: str, *, replace_other: bool = False) -> None:
    """Refuse a folder in which a run of ``study`` must not be written.

    Raises
    ------
    RunFolderError
        It is a file, a folder that is not a run folder, or a run folder of another study.
    """
    place = Path(folder).absolute()
    if not place.exists():
        return
    if not place.is_dir():
        raise RunFolderError(f"'{folder}' is a file; give a folder as --out")
    if not any(place.iterdir()):
        return
    if not (place / "manifest.json").is_file():
        raise RunFolderError(f"'{folder}' holds something that is not a cell2grid run; give another --out")
    held = _read_json(place, "manifest.json").get("study")
    if "cell2grid" not in _read_json(place, "manifest.json"):
        raise RunFolderError(f"'{folder}' holds something that is not a cell2grid run; give another --out")
    if held != study and not replace_other:
        raise RunFolderError(
            f"'{folder}' holds a run of study '{held}', not of '{study}'; give another --out, or --force"
        )


def read_results(folder: Path, *, with_arrays: bool = False) -> Results:
    """The results that lie in a run folder.

    Parameters
    ----------
    with_arrays
        Read ``results.nc`` too, which the tables do without.

    Raises
    ------
    RunFolderError
        The folder is missing, partial, of another version, or a file in it is not what it should be.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise RunFolderError(f"there is no run folder '{folder}'; make one with cell2grid run STUDY --out {folder}")
    missing = [name for name in _FILES if not (folder / name).is_file()]
    needed = [name for name in TABLES if name not in OPTIONAL]
    missing += [f"tables/{name}.parquet" for name in needed if not (folder / "tables" / f"{name}.parquet").is_file()]
    if missing:
        raise RunFolderError(
            f"run folder '{folder}' is not whole: {', '.join(missing)} is missing; run the study again"
        )
    manifest = _read_json(folder, "manifest.json")
    if manifest.get("format") != FORMAT:
        raise RunFolderError(
            f"run folder '{folder}' has format {manifest.get('format')}, this version reads {FORMAT};"
            " run the study again"
        )
    _read_json(folder, "study.json")
    return Results(
        study_json=(folder / "study.json").read_text(encoding="utf-8"),
        tables=MappingProxyType(_read_tables(folder)),
        manifest=MappingProxyType(manifest),
        evidence=MappingProxyType(_read_json(folder, "evidence.json")),
        arrays=_read_arrays(folder) if with_arrays else None,
    )


def _write_files(results: Results, folder: Path) -> None:
    (folder / "tables").mkdir(parents=True)
    (folder / "study.json").write_text(results.study_json, encoding="utf-8")
    _write_json(folder / "evidence.json", results.evidence)
    if results.arrays is not None:
        _write_arrays(results.arrays, folder / "results.nc")
    _write_tables(results.tables, folder / "tables")
    _write_json(folder / "manifest.json", results.manifest)


def _write_arrays(arrays: xr.Dataset, path: Path) -> None:
    packed = {"zlib": True, "complevel": 1, "shuffle": True}
    encoding = {
        str(name): packed
        for name, array in arrays.data_vars.items()
        if array.dtype.kind == "f" and array.ndim and array.size
    }
    arrays.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def _write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        for table, columns in TABLES.items():
            if table in OPTIONAL and table not in tables:
                continue
            connection.register("frame", tables[table])
            typed = ", ".join(f'CAST("{name}" AS {_TYPES.get(name, _TEXT)}) AS "{name}"' for name in columns)
            path = str(folder / f"{table}.parquet").replace("'", "''")
            connection.execute(f"COPY (SELECT {typed} FROM frame) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
            connection.unregister("frame")


def _read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    import duckdb

    tables = {}
    with duckdb.connect(config={"threads": 1}) as connection:
        for name, columns in TABLES.items():
            path = folder / "tables" / f"{name}.parquet"
            if name in OPTIONAL and not path.is_file():
                continue
            try:
                frame = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
            except duckdb.Error as error:
                raise RunFolderError(f"{path} cannot be read: {error}; run the study again") from None
            _check_columns(name, list(frame.columns), RunFolderError)
            words = [column for column in columns if column not in _TYPES]
            frame[words] = frame[words].astype(object).where(frame[words].notna(), None)
            tables[name] = frame
    return tables


def _read_arrays(folder: Path) -> xr.Dataset:
    import xarray as xr

    path = folder / "results.nc"
    try:
        with xr.open_dataset(path, engine="h5netcdf") as opened:
            arrays = opened.load()
    except (OSError, ValueError, KeyError) as error:
        raise RunFolderError(f"{path} cannot be read: {error}; run the study again") from None
    _check_arrays(arrays, RunFolderError)
    return arrays


def _check_arrays(arrays: xr.Dataset | None, kind: Callable[[str], Exception]) -> None:
    if arrays is None:
        return
    known = variables()
    strange = [str(name) for name in arrays.data_vars if str(name) not in known]
    if strange:
        raise kind(f"results.nc: variable '{strange[0]}' is not in the nomenclature")
    try:
        require(arrays, [str(name) for name in arrays.data_vars], of="results.nc")
    except EngineError as error:
        raise kind(str(error)) from None


def _check_columns(table: str, columns: list[str], kind: Callable[[str], Exception]) -> None:
    if table not in TABLES:
        raise kind(f"table '{table}' is not one of {', '.join(TABLES)}")
    if columns != list(TABLES[table]):
        raise kind(f"table '{table}' has the columns {columns}, expected {list(TABLES[table])}")


def _clear_partial(place: Path) -> None:
    """Take away what killed runs left beside the place, and put back a folder that one had moved aside."""
    for left in place.parent.glob(f".{place.name}.old-*"):
        if not place.exists():
            left.rename(place)
        else:
            shutil.rmtree(left, ignore_errors=True)
    for left in place.parent.glob(f".{place.name}.partial-*"):
        if not _alive(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return int(process) != os.getpid()


def _put_in_place(partial: Path, place: Path) -> None:
    old = place.parent / f".{place.name}.old-{os.getpid()}"
    if place.exists():
        place.rename(old)
    try:
        partial.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    text = json.dumps(dict(document), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    try:
        document = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunFolderError(f"{folder / name} cannot be read: {error}; run the study again") from None
    if not isinstance(document, dict):
        raise RunFolderError(f"{folder / name} does not hold an object; run the study again")
    return document
