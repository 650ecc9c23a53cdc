def hit(nail):
    return f"hit {nail}"
