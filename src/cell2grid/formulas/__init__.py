"""Pure functions of the field: ramp, calendar, draws, finance; numbers or arrays in and out."""
