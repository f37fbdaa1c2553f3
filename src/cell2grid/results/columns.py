"""The columns of each table of a run folder, with the type of each, and which tables a run may do without."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# a column of one name has one type in every table; a missing number or word is NULL
TYPES: Mapping[str, str] = MappingProxyType(
    {
        name: kind
        for kind, names in {
            "DOUBLE": (
                "mean p10 p50 p90 observed residual items undelivered price charge discharge energy commissioning npv"
                " irr equity_npv lcos payback debt_cover scale capital_cost low high npv_low npv_high npv_middle first"
                " first_low first_high total total_low total_high power hours npv_per_capital month before after"
                " change machines working setup down blocked starved queue rate direct attributable_low"
                " attributable_high votes power_low power_high share_low share_high cr4_low cr4_high hhi_low hhi_high"
                " one_more latitude longitude share freight freight_p10 freight_p90 duty duty_p10 duty_p90 late_share"
                " late_days damages damages_p10 damages_p90 with_shocks without_shocks difference error with_it"
                " without_it begin finish cost cost_end sold prior prior_p10 prior_p90 p2_5 p97_5 rank p_value missed"
                " written value deviation modelled rise at_low at_high middle against_below against_below_low"
                " against_below_high against_share capital price_change gain demand capacity output"
            ),
            "BIGINT": ("firms year member members blocks pass blocks_changed states_changed"),
            "BOOLEAN": (
                "illustrative best bottleneck of_region within_noise inside_80 inside_95 used open_low open_high"
                " at_bound identified swung"
            ),
        }.items()
        for name in names.split()
    }
)
TEXT = "VARCHAR"  # of a column that is not named here
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
            "plan_passes": "pass blocks_changed states_changed price_change gain firm moved",
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
