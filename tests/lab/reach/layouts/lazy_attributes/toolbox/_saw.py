def cut(board):
    return f"cut {board}"
