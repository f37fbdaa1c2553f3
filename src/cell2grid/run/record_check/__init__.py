"""The time that storage projects take, held against a record of real ones: reading it, rules, and years held out."""

from cell2grid.run.record_check.projects import Left, Project, ProjectRecord, read_record
from cell2grid.run.record_check.years_held_out import RecordCheck, check_record

__all__ = ["Left", "Project", "ProjectRecord", "RecordCheck", "check_record", "read_record"]
