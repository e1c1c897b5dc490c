"""Who does a step: in-process heuristics, model servers, people. One module per kind of step."""
