//! Small programs, run.

use super::{Options, RunResult, Session, load_source};

fn run(text: &str, options: &Options) -> RunResult {
    let program = load_source("t.py", text, false).unwrap_or_else(|e| panic!("{e}"));
    Session::new(program).run(options)
}

#[test]
fn threads_start_and_end() {
    let text = "\
import threading
def work():
    print('work')
t = threading.Thread(target=work)
t.start()
t.join()
print('done')
";
    let result = run(text, &Options::default());
    assert_eq!(result.stdout, "work\ndone\n");
}

/// Each hundredth call counts as a step: the thread parks at the callee's begin, and goes on there.
#[test]
fn a_call_that_counts_as_a_step_returns_what_it_should() {
    let text = "\
class C:
    def m(self, n):
        return n if n < 2 else self.m(n - 1) + self.m(n - 2)
def f(n):
    return n if n < 2 else f(n - 1) + f(n - 2)
print(f(15), C().m(15))
";
    let result = run(text, &Options::default());
    assert_eq!(result.stdout, "610 610\n");
    assert!(result.steps > 30);
}
