import threading

lock = threading.Lock()
launched = []
