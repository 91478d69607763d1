//! Arguments of natives that stand for functions which CPython has in Python: the messages differ from those of builtins.

use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Raise};
use smallvec::SmallVec;

/// Arguments by parameter, `Unbound` for those not given.
pub type Bound = SmallVec<[Value; 4]>;

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// Sorts the arguments of `function` (its qualified name) into its parameters, of which the first `required` have no default.
///
/// # Errors
/// `TypeError`, worded as for a function written in Python.
pub fn bind(
    m: &mut Machine,
    args: &Args,
    function: &str,
    params: &[&str],
    required: usize,
) -> Result<Bound, Raise> {
    let given = args.pos();
    let mut bound: Bound = SmallVec::from_elem(Value::Unbound, params.len());
    for (at, &value) in given.iter().enumerate().take(params.len()) {
        bound[at] = value;
    }
    for (name, value) in args.keywords() {
        let name = m.names.text(name);
        match params.iter().position(|p| *p == name) {
            Some(at) if bound[at].is_unbound() => bound[at] = value,
            Some(_) => {
                let message = format!("{function}() got multiple values for argument '{name}'");
                return Err(m.type_error(message));
            }
            None => {
                let message = format!("{function}() got an unexpected keyword argument '{name}'");
                return Err(m.type_error(message));
            }
        }
    }
    if given.len() > params.len() {
        let takes = if required == params.len() {
            format!("{required} positional argument{}", plural(required))
        } else {
            format!("from {required} to {} positional arguments", params.len())
        };
        let verb = if given.len() == 1 { "was" } else { "were" };
        let message = format!(
            "{function}() takes {takes} but {} {verb} given",
            given.len()
        );
        return Err(m.type_error(message));
    }
    let missing: Vec<String> = (0..required)
        .filter(|&at| bound[at].is_unbound())
        .map(|at| format!("'{}'", params[at]))
        .collect();
    let listed = match missing.as_slice() {
        [] => return Ok(bound),
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        [start @ .., last] => format!("{}, and {last}", start.join(", ")),
    };
    let message = format!(
        "{function}() missing {} required positional argument{}: {listed}",
        missing.len(),
        plural(missing.len())
    );
    Err(m.type_error(message))
}
