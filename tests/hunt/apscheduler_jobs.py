import threading

from apscheduler.schedulers.background import BackgroundScheduler


def scenario():
    ran = []
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.start()
    job = scheduler.add_job(ran.append, "interval", seconds=1, args=["tick"], id="tick")

    def add():
        scheduler.add_job(ran.append, args=["once"], misfire_grace_time=None)

    def change():
        job.pause()
        job.reschedule("interval", seconds=2)
        job.resume()

    threads = [threading.Thread(target=add), threading.Thread(target=change)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scheduler.remove_job("tick")
    scheduler.shutdown()
    assert not scheduler.running
