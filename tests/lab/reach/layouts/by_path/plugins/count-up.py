state = {"count": 0}


def run(times):
    for _ in range(times):
        state["count"] += 1
