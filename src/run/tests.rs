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
