"""Pure functions of the field: ramp, learning, finance, freight, concentration, ownership; numbers or arrays in and out."""
