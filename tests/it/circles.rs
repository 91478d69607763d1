//! Programs that wait in loops, or never end: explored to the end, or an honest word of what was not.

use crate::support::CLERKS;
use raddle::run::{Ending, Limit, Session, Switch, Time, load_source};
use raddle::search::{
    Checkpoint, Exploration, Explorer, Flow, Observe, Plan, Progress, Verdict, Watch, token,
};

const START: &str = "
for t in threads: t.start()
for t in threads: t.join()
";

/// A program whose threads run these functions.
fn program(setting: &str, functions: &str) -> String {
    format!(
        "import threading, time, queue\n{setting}\nthreads = [threading.Thread(target=f) for f in ({functions},)]{START}"
    )
}

/// Explores, and shows each outcome again by its token.
fn explored(source: &str, change: impl FnOnce(Explorer) -> Explorer) -> Exploration {
    let program = load_source("circles.py", source, false).unwrap_or_else(|e| panic!("{e}"));
    let digest = program.digest;
    let explorer = change(Explorer::new());
    let found = explorer.run(program.clone());
    let mut session = Session::new(program);
    for (outcome, _) in &found.outcomes {
        let token = token(digest, explorer.settings(), outcome);
        let token = token.to_string().parse().expect("reads back");
        let mut options = explorer.settings().options.clone();
        if outcome.ending == Ending::Endless(Limit::Cycle) {
            // As the line that replays it says.
            options.max_steps = outcome.steps;
        }
        let again = session.replay(&token, &options).expect("fits");
        assert_eq!(again.ending.name(), outcome.ending.name(), "{source}");
        assert_eq!(again.stdout, outcome.stdout, "{source}");
    }
    found
}

/// The outcomes of a program that is explored to its end: `finished done`.
fn all(source: &str) -> Vec<String> {
    let found = explored(source, |e| e);
    assert!(found.complete, "{source}: {:?}", found.cut_off);
    let endless = found
        .outcomes
        .iter()
        .any(|o| o.0.ending.name() == "endless");
    if endless {
        assert_eq!(found.verdict, Verdict::Bug);
    }
    for change in [
        Explorer::merge_states as fn(Explorer) -> Explorer,
        |e| e.plan(Plan::Dfs),
        |e| e.jobs(3),
    ] {
        let other = explored(source, change);
        assert!(other.complete);
        assert_eq!(texts(&other), texts(&found), "{source}");
    }
    texts(&found)
}

fn texts(found: &Exploration) -> Vec<String> {
    let text = |(outcome, _): &(raddle::search::Outcome, bool)| {
        let lines: Vec<&str> = outcome.stdout.lines().collect();
        format!("{} {}", outcome.ending.name(), lines.join(" "))
            .trim_end()
            .to_owned()
    };
    let mut all: Vec<String> = found.outcomes.iter().map(text).collect();
    all.sort_unstable();
    all
}

const FLAG: &str = "
flag = False
def setter():
    global flag
    flag = True
def late():
    global flag
    time.sleep(1)
    flag = True
def never():
    global flag
    flag = False
def spin():
    while not flag:
        pass
    print('seen ', end='')
def poll():
    while not flag:
        time.sleep(0.01)
    print('seen ', end='')
";

#[test]
fn a_loop_that_waits_for_a_flag() {
    assert_eq!(all(&program(FLAG, "spin, setter")), ["finished seen"]);
    assert_eq!(
        all(&program(FLAG, "spin, spin, setter")),
        ["finished seen seen"]
    );
    assert_eq!(all(&program(FLAG, "poll, setter")), ["finished seen"]);
    // The flag comes while the thread goes round, which takes no time.
    assert_eq!(all(&program(FLAG, "spin, late")), ["finished seen"]);
    assert_eq!(all(&program(FLAG, "poll, late")), ["finished seen"]);
}

#[test]
fn a_loop_that_waits_in_vain() {
    assert_eq!(all(&program(FLAG, "spin, never")), ["endless"]);
    assert_eq!(all(&program(FLAG, "spin, spin, never")), ["endless"]);
    assert_eq!(all(&program(FLAG, "poll, never")), ["endless"]);
    // Whoever comes last decides.
    assert_eq!(
        all(&program(FLAG, "spin, setter, never")),
        ["endless", "finished seen"]
    );
    assert_eq!(all(&program(FLAG, "poll, late, never")), ["finished seen"]);
}

const PETERSON: &str = "
wants = [False, False]
turn = inside = 0
def one(me):
    global turn, inside
    other = 1 - me
    wants[me] = True
    turn = other
    while wants[other] and turn == other:
        pass
    inside += 1
    assert inside == 1
    inside -= 1
    wants[me] = False
def a(): one(0)
def b(): one(1)
";

const DEKKER: &str = "
wants = [False, False]
turn = inside = 0
def one(me):
    global turn, inside
    other = 1 - me
    wants[me] = True
    while wants[other]:
        if turn != me:
            wants[me] = False
            while turn != me:
                pass
            wants[me] = True
    inside += 1
    assert inside == 1
    inside -= 1
    turn = other
    wants[me] = False
def a(): one(0)
def b(): one(1)
";

#[test]
fn mutual_exclusion_by_waiting_in_loops() {
    assert_eq!(all(&program(PETERSON, "a, b")), ["finished"]);
    assert_eq!(all(&program(DEKKER, "a, b")), ["finished"]);
    // Whoever is last to give the other the turn waits for ever once the other is through.
    let rude = PETERSON.replace("wants[other] and turn == other", "turn == other");
    assert_eq!(all(&program(&rude, "a, b")), ["endless"]);
    // Testing before claiming lets both in.
    let wrong = PETERSON
        .replace("    turn = other\n", "")
        .replace(" and turn == other", "");
    assert_eq!(all(&program(&wrong, "a, b")), ["endless", "finished"]);
}

#[test]
fn threads_that_give_way_to_each_other_for_ever() {
    let polite = "
wants = [False, False]
def one(me):
    while True:
        wants[me] = True
        if not wants[1 - me]:
            break
        wants[me] = False
    wants[me] = False
    print('through ', end='')
def a(): one(0)
def b(): one(1)
";
    assert_eq!(
        all(&program(polite, "a, b")),
        ["endless", "finished through through"]
    );
    let locks = "
left, right = threading.Lock(), threading.Lock()
def one(first, second):
    while True:
        with first:
            if second.acquire(blocking=False):
                second.release()
                return
def a(): one(left, right)
def b(): one(right, left)
";
    assert_eq!(all(&program(locks, "a, b")), ["endless", "finished"]);
}

#[test]
fn loops_around_primitives() {
    let tried = "
lock = threading.Lock()
def holder():
    with lock:
        time.sleep(1)
def tries():
    while not lock.acquire(blocking=False):
        pass
    print('mine')
    lock.release()
";
    assert_eq!(all(&program(tried, "holder, tries")), ["finished mine"]);
    let timed = "
cond = threading.Condition()
done = False
def waits():
    with cond:
        while not done:
            cond.wait(timeout=0.1)
    print('done')
def tells():
    global done
    time.sleep(0.35)
    done = True
def idles():
    global done
    done = False
";
    assert_eq!(all(&program(timed, "waits, tells")), ["finished done"]);
    assert_eq!(all(&program(timed, "waits, idles")), ["endless"]);
    let server = "
q = queue.Queue()
def serve():
    while True:
        q.get()
        q.task_done()
threading.Thread(target=serve, daemon=True).start()
def client():
    q.put(1)
    q.join()
";
    assert_eq!(all(&program(server, "client")), ["finished"]);
    let pingpong = "
a, b = queue.Queue(), queue.Queue()
def ping():
    a.put(0)
    while True:
        a.put(b.get())
def pong():
    while True:
        b.put(a.get())
";
    assert_eq!(all(&program(pingpong, "ping, pong")), ["endless"]);
    let alive = "
import threading
t = threading.Thread(target=print, args=('working',))
t.start()
while t.is_alive():
    pass
print('over')
";
    assert_eq!(all(alive), ["finished working over"]);
    // A daemon that never rests ends with main.
    let heart = "
import threading, time
beats = False
def beat():
    global beats
    while True:
        beats = not beats
threading.Thread(target=beat, daemon=True).start()
time.sleep(1)
print('end')
";
    assert_eq!(all(heart), ["finished end"]);
    assert_eq!(all("while True:\n    pass\n"), ["endless"]);
}

#[test]
fn time_passes_where_threads_go_round() {
    let clocks = "
import threading, time
go = 0
def sleeper(n):
    global go
    time.sleep(n)
    print(n)
    go += 1
threads = [threading.Thread(target=sleeper, args=(n,)) for n in (2, 1, 3)]
for t in threads: t.start()
while go < 3:
    pass
print('all')
";
    assert_eq!(all(clocks), ["finished 1 2 3 all"]);
    // In free time durations order nothing, so there is nothing to pass.
    let free = |e: Explorer| e.options(|o| o.time = Time::Free);
    let found = explored(&program(FLAG, "spin, late"), free);
    assert!(found.complete);
    assert_eq!(texts(&found), ["finished seen"]);
}

#[test]
fn what_is_observed_and_other_modes() {
    let prints = program(FLAG, "dots, setter").replace(
        "def spin()",
        "def dots():\n    while not flag:\n        print('.', end='')\ndef spin()",
    );
    let ending = explored(&prints, |e| e.observe(Observe::Ending));
    assert!(ending.complete);
    assert_eq!(ending.outcomes.len(), 1);
    let output = explored(&prints, |e| e);
    assert!(!output.complete && output.outcomes.len() > 2);
    assert_eq!(output.verdict, Verdict::Limit);
    // Nothing but what is printed is new in each turn.
    let ticks = "import time\nwhile True:\n    print('tick')\n    time.sleep(1)\n";
    let found = explored(ticks, |e| e.options(|o| o.max_steps = 2_000));
    assert_eq!((found.complete, found.verdict), (false, Verdict::Bug));
    assert_eq!(texts(&found), ["endless tick"]);
    for switch in [Switch::Sync, Switch::Gil] {
        let found = explored(&program(FLAG, "spin, setter"), |e| {
            e.options(|o| o.switch = switch)
        });
        assert!(found.complete, "{switch:?}");
        assert_eq!(texts(&found), ["finished seen"]);
    }
    let bounded = |n| explored(&program(FLAG, "spin, setter"), |e| e.preemptions(n));
    assert_eq!(bounded(0).verdict, Verdict::Limit);
    assert_eq!(texts(&bounded(1)), ["finished seen"]);
    let allowed = explored(&program(FLAG, "spin, never"), |e| e.allow("endless"));
    assert_eq!(allowed.verdict, Verdict::Ok);
}

/// Whoever waits for a spurious wakeup may wait for ever.
#[test]
fn nobody_counts_on_spurious_wakeups() {
    let lucky = "
cond = threading.Condition()
flag = False
def waits():
    global flag
    with cond:
        cond.wait()
    flag = True
def spins():
    while not flag:
        pass
";
    let found = explored(&program(lucky, "waits, spins"), |e| {
        e.options(|o| o.spurious = 1)
    });
    assert!(found.complete);
    assert_eq!(texts(&found), ["endless", "finished"]);
}

#[test]
fn loops_that_come_to_no_state_twice_are_given_up_soon() {
    let counts = "
flag = False
def spin():
    n = 0
    while not flag:
        n += 1
    print('seen ', end='')
def setter():
    global flag
    flag = True
";
    let fewer = |e: Explorer| e.options(|o| o.max_steps = 2_000);
    let found = explored(&program(counts, "spin, setter"), fewer);
    assert_eq!((found.complete, found.verdict), (false, Verdict::Limit));
    assert_eq!(texts(&found), ["finished seen"]);
    assert!(found.cut_off.loops > 0 && found.steps < 2_000);
    let found = explored(&program(counts, "spin, spin, setter"), fewer);
    assert_eq!(texts(&found), ["finished seen seen"]);
    // Waiting for the clock alone: it stands still where steps take no time.
    let clock = "
def busy():
    end = time.monotonic() + 1
    while time.monotonic() < end:
        pass
";
    let found = explored(&program(clock, "busy"), |e| e);
    assert_eq!(
        (found.verdict, found.cut_off.clock_loops),
        (Verdict::Limit, 1)
    );
    let found = explored(&program(clock, "busy"), |e| {
        e.options(|o| o.step_cost = 10_000_000)
    });
    assert!(found.complete);
}

#[test]
fn a_loop_that_waits_for_what_others_do_meanwhile() {
    assert_eq!(
        all(CLERKS),
        [
            "finished ann bob",
            "finished ann cy",
            "finished bob cy",
            "thread-exception ann bob",
            "thread-exception ann cy",
            "thread-exception bob cy",
        ]
    );
}

/// Where each turn of a loop ends in a wait, each run ends a turn later than the one before it, and none goes round for long.
#[test]
fn loops_whose_runs_end_a_turn_later_each() {
    let pass = "
a, b = threading.Semaphore(1), threading.Semaphore(0)
done = False
def ping():
    while not done:
        a.acquire()
        b.release()
def pong():
    while not done:
        b.acquire()
        a.release()
def stop():
    global done
    done = True
";
    assert_eq!(
        all(&program(pass, "stop, ping, pong")),
        ["deadlock", "finished"]
    );
    let turns = "
c = threading.Condition()
done = False
turn = 0
def player(me):
    global turn
    while not done:
        with c:
            while turn != me and not done:
                c.wait()
            turn = 1 - me
            c.notify_all()
def a(): player(0)
def b(): player(1)
def stop():
    global done
    with c:
        done = True
        c.notify_all()
";
    // Not all orders of steps: before the first run that is much longer than the others come all that are not.
    for change in [
        Explorer::merge_states as fn(Explorer) -> Explorer,
        |e| e,
        |e| e.jobs(3),
        |e| e.plan(Plan::Dfs),
    ] {
        let found = explored(&program(turns, "stop, a, b"), change);
        assert!(found.complete && found.states.is_some());
        assert_eq!(texts(&found), ["finished"]);
    }
}

/// Two threads hand over ever greater numbers by a flag that they poll. All runs end, as time passes, and no state comes twice.
#[test]
fn loops_that_need_no_time_and_have_no_end() {
    let numbers = "
import threading, time
number, stopped = None, False
def finds():
    global number
    n = 0
    while not stopped:
        n += 1
        number = n
        while number and not stopped:
            time.sleep(0.1)
def shows():
    global number
    while not stopped:
        while not number and not stopped:
            time.sleep(0.1)
        if not stopped:
            print(number)
            number = None
threads = [threading.Thread(target=f) for f in (finds, shows)]
for t in threads: t.start()
time.sleep(0.2)
stopped = True
for t in threads: t.join()
";
    for change in [
        Explorer::merge_states as fn(Explorer) -> Explorer,
        |e| e,
        |e| e.plan(Plan::Dfs),
    ] {
        let found = explored(numbers, |e| change(e).options(|o| o.max_steps = 2_000));
        assert_eq!((found.complete, found.verdict), (false, Verdict::Limit));
        assert!(found.cut_off.loops > 0 && found.states.is_some());
        assert!(found.outcomes.len() > 2, "{:?}", texts(&found));
        assert!(found.steps < 400_000, "{}", found.steps);
    }
}

/// A value that comes of few orders of steps, long after parts of the search were given away.
#[test]
fn circles_that_only_a_part_comes_to() {
    let source = "
import threading
n = 0
def work(times):
    global n
    for _ in range(times):
        n += 1
threads = [threading.Thread(target=work, args=(times,)) for times in (6, 2, 2)]
for t in threads: t.start()
for t in threads: t.join()
while n == 2: pass
print(n)
";
    let found = explored(source, |e| e);
    assert!(found.complete && found.states.is_some());
    let texts = texts(&found);
    assert_eq!((texts.len(), &*texts[0]), (9, "endless"));
    assert_eq!(explored(source, |e| e.jobs(3)), found);
}

/// Stops a search after so many looks, and keeps its state.
struct Stop(u32, Option<Checkpoint>);

impl Watch for Stop {
    fn look(&mut self, _: &Progress, _: &mut dyn FnMut() -> Checkpoint) -> Flow {
        self.0 -= 1;
        match self.0 {
            0 => Flow::Stop,
            _ => Flow::Go,
        }
    }

    fn finish(&mut self, state: Checkpoint) {
        self.1 = Some(state);
    }
}

#[test]
fn a_search_by_states_is_resumed_as_one() {
    let source = "
import threading
n = 0
done = False
def work():
    global n
    for _ in range(3):
        n += 1
def spin():
    while not done: pass
    print(n)
spinner = threading.Thread(target=spin)
threads = [threading.Thread(target=work) for _ in range(3)]
for t in [spinner, *threads]: t.start()
for t in threads: t.join()
done = True
";
    let mut session = Session::new(load_source("resumed.py", source, false).unwrap());
    let explorer = Explorer::new();
    let whole = explorer.watched(&mut session, &mut |_: &Progress| Flow::Go);
    assert!(whole.complete && whole.states.is_some());
    let mut stop = Stop(2, None);
    let part = explorer.watched(&mut session, &mut stop);
    assert!(part.cut_off.stopped && part.states.is_some());
    let stored = serde_json::to_string(&stop.1.unwrap()).unwrap();
    assert!(stored.contains("\"by_states\":{"), "{stored}");
    let state = serde_json::from_str(&stored).unwrap();
    let mut go_on = |_: &Progress| Flow::Go;
    let resumed = explorer.resumed(&mut session, Some(state), &mut go_on);
    assert!(resumed.complete);
    assert_eq!(texts(&resumed), texts(&whole));
    assert_eq!(
        (resumed.schedules, resumed.states, resumed.steps),
        (whole.schedules, whole.states, whole.steps)
    );
}
