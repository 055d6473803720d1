"""Pages of the plan: the annex with its filters, a task, the work around it, the meetings."""
