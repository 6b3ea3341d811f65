import os, time, uuid, psutil, pytest
def test_measure(engine):
    parent=psutil.Process(); procs=[p for p in parent.children(recursive=True) if 'rasa' in ' '.join(p.cmdline()) and 'run' in p.cmdline()]
    p=procs[0]
    def burst(texts,n):
        c0=p.cpu_times(); t0=time.perf_counter(); lat=[]
        for i in range(n):
            c=engine.customer(); t=time.perf_counter(); a=c.says(texts[i%len(texts)]); lat.append((time.perf_counter()-t)*1000); assert a.status==200
        c1=p.cpu_times(); lat.sort()
        print(f"\n n={n} p50={lat[n//2]:.0f}ms p95={lat[int(n*.95)]:.0f} cpu/msg={(c1.user+c1.system-c0.user-c0.system)/n*1000:.1f}ms load={os.getloadavg()[0]:.1f}")
    burst(["where is my parcel","c'est combien pour changer","hello"],30)
    burst(["where is my parcel","c'est combien pour changer","hello"],200)
    burst(["reschedule"],100)
    c=engine.customer()
    c0=p.cpu_times()
    for i in range(60): c.says("where is my parcel")
    c1=p.cpu_times(); print("one conversation of 60 turns cpu/msg",(c1.user+c1.system-c0.user-c0.system)/60*1000)
    print("rss MB",p.memory_info().rss/1e6,"uss",p.memory_full_info().uss/1e6)
