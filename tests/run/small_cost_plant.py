"""A plant of two steps and one material, whose cost can be reckoned by hand."""

SMALL = """
technology:
  title: Small cells
  currency: USD
  volume: "{volume} kWh/year"
  plant:
    title: Small plant
    currency: USD
    money_of: 2020
    reference: AA
    rates:
      energy: {{base: "1000 kWh/year"}}
      mass: {{base: "2000 kg/year"}}
      cells: {{base: "5000 cell/year", stream: cell}}
    streams:
      paste: {{mixing: "{mixing} percent"}}
      cell: {{}}
    cell_yield: "50 percent"
    steps:
      mixing:
        {{title: Mixing, scope: cells, rate: mass, labour: "100 hour/year", labour_exponent: "0.5 ratio",
         capital: "10000 USD", capital_exponent: "{exponent} ratio", area: "10 m2", area_exponent: "1 ratio"}}
      packing:
        {{title: Packing, scope: packs, rate: energy, labour: "20 hour/year", labour_exponent: "0 ratio",
         capital: "1000 USD", capital_exponent: "1 ratio", area: "0 m2", area_exponent: "1 ratio"}}
    accounts:
      land_and_building: "100 USD/m2"
      equipment_life: "10 year"
      building_depreciation: "5 percent/year"
      overhead_of_labour: "40 percent"
      overhead_of_depreciation: "20 percent"
      general_of_labour: "25 percent"
      general_of_depreciation: "25 percent"
      research_of_depreciation: "40 percent"
      launch_of_materials: "5 percent"
      launch_of_labour: "10 percent"
      working_capital: "15 percent"
      profit_of_investment: "5 percent"
      warranty: "5 percent"
  materials:
    powder:
      title: Powder
      amount: "1 kg/kWh"
      price: "{price}"
      stream: paste
      drives: mass
      recovered: "50 percent"
      worth: "40 percent"
    cans:
      title: Cans
      purchased: true
      amount: "2.5 cell/kWh"
      price: "1 USD/cell"
      stream: cell
      cheaper_with: cells
      exponent: "0.5 ratio"
  design: {{cells: "2.5 cell/kWh"}}
  learning: {{rate: "20 percent", cumulative: "1 GWh"}}
countries:
  AA: {{name: Aland, currency: USD, wage: "10 USD/hour", electricity: "0.1 USD/kWh", heat: "0.05 USD/kWh",
       capital: "1 ratio"}}
  BB: {{name: Bland, currency: USD, wage: "20 USD/hour", electricity: "0.1 USD/kWh", heat: "0.05 USD/kWh",
       capital: "2 ratio"}}
"""


def small(*, volume: float = 1000.0, mixing: float = 100.0, exponent: float = 0.9, price: str = "4 USD/kg") -> str:
    """The YAML text of the plant."""
    return SMALL.format(volume=volume, mixing=mixing, exponent=exponent, price=price)
