use raddle::{
    compile::*, id::*, kernel::Performed, kernel::op::Answer, vm::exec::Stop, vm::machine::*,
};
struct L;
impl Loader for L {
    fn read_user(&self, _: &str) -> Option<Result<Found, raddle::error::Error>> {
        None
    }
    fn bundled(&self, d: &str) -> Option<&'static str> {
        raddle::vm::stdlib::source(d)
    }
    fn bundled_names(&self) -> Vec<&str> {
        vec![]
    }
}
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let program = match program(&path, &text, &L, &Options { echo: false }) {
        Ok(p) => p,
        Err(e) => {
            println!("{e}");
            return;
        }
    };
    if std::env::args().nth(2).is_some() {
        println!(
            "{}",
            raddle::program::disasm::disassemble_module(&program, 1)
        );
    }
    let mut m = Machine::new(program);
    let image = m.image.clone();
    let f = m.prelude_function("_main");
    m.new_thread(ThreadId(0), f, &[]);
    let mut stop = m.run_thread(&image, ThreadId(0), Answer::Done);
    loop {
        match stop {
            Stop::Ended => break,
            Stop::Raised(r) => {
                println!("RAISED {}", m.describe(r.0));
                break;
            }
            Stop::Parked => {
                let t = m.kernel.enabled().first().unwrap();
                match m.kernel.step(t) {
                    Performed::Done(a) => stop = m.run_thread(&image, t, a),
                    _ => panic!(),
                }
            }
        }
    }
    for (_, t) in &m.output {
        print!("{t}");
    }
}
