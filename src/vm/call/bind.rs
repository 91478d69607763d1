//! Binding of arguments to parameters: the general case, with CPython's messages.
//!
//! Source: `initialize_locals` in CPython 3.13's `Python/ceval.c`.

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::dict::Dict;
use crate::value::object::{Function, Obj};
use crate::vm::machine::{Machine, Thread};
use crate::vm::native::Raise;
use smallvec::SmallVec;

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`.
fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("'{n}'")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        [start @ .., last] => format!("{}, and {last}", start.join(", ")),
    }
}

impl Machine {
    /// Sorts the window's arguments into the registers of the function's parameters and clears the other registers.
    pub(crate) fn bind(
        &mut self,
        th: &mut Thread,
        id: ObjId,
        base: usize,
        argc: usize,
        names: &[NameId],
    ) -> Result<(), Raise> {
        let Obj::Function(function) = self.heap.get(id) else {
            unreachable!("caller looked")
        };
        let function: Function = (**function).clone();
        let image = std::sync::Arc::clone(&self.image);
        let code = image.program.code(function.code);
        let linked = &image.linked[function.code.index()];
        let params = &code.params;
        let (positional, keyword_only) = (params.positional as usize, params.keyword_only as usize);
        let named = positional + keyword_only;
        let given = argc - names.len();
        let mut bound: SmallVec<[Value; 16]> =
            SmallVec::from_elem(Value::Unbound, params.names.len());
        let args: SmallVec<[Value; 16]> = SmallVec::from_slice(&th.stack[base..base + argc]);
        let direct = given.min(positional);
        bound[..direct].copy_from_slice(&args[..direct]);

        let mut extra = Dict::default();
        let mut misplaced = Vec::new();
        for (i, &name) in names.iter().enumerate() {
            let value = args[given + i];
            let at = (params.positional_only as usize..named).find(|&p| linked.params[p] == name);
            match at {
                Some(at) if bound[at].is_unbound() => bound[at] = value,
                Some(_) => {
                    let message = format!(
                        "{}() got multiple values for argument '{}'",
                        self.function_label(&function),
                        self.names.text(name)
                    );
                    return Err(self.type_error(message));
                }
                None if params.star_star => {
                    let key = self.name_value(name);
                    self.dict_insert_new(&mut extra, key, value);
                }
                None => {
                    if linked.params[..params.positional_only as usize].contains(&name) {
                        misplaced.push(self.names.text(name).to_string());
                        continue;
                    }
                    let text = self.names.text(name);
                    let known: Vec<&str> = params.names[params.positional_only as usize..named]
                        .iter()
                        .map(|n| &**n)
                        .collect();
                    let hint = match crate::vm::builtins::suggest(text, &known) {
                        Some(near) => format!(". Did you mean '{near}'?"),
                        None => String::new(),
                    };
                    let message = format!(
                        "{}() got an unexpected keyword argument '{text}'{hint}",
                        self.function_label(&function),
                    );
                    return Err(self.type_error(message));
                }
            }
        }
        if !misplaced.is_empty() {
            let message = format!(
                "{}() got some positional-only arguments passed as keyword arguments: '{}'",
                self.function_label(&function),
                misplaced.join(", ")
            );
            return Err(self.type_error(message));
        }
        if given > positional && !params.star {
            return Err(self.too_many(&function, positional, keyword_only, given, &bound));
        }

        let defaults: SmallVec<[Value; 8]> = self
            .as_items(function.defaults)
            .map(SmallVec::from_slice)
            .unwrap_or_default();
        let first_default = positional - defaults.len().min(positional);
        let mut missing = Vec::new();
        for at in 0..positional {
            if bound[at].is_unbound() {
                if at >= first_default {
                    bound[at] = defaults[at - first_default];
                } else {
                    missing.push(params.names[at].to_string());
                }
            }
        }
        if !missing.is_empty() {
            let message = format!(
                "{}() missing {} required positional argument{}: {}",
                self.function_label(&function),
                missing.len(),
                plural(missing.len()),
                listed(&missing)
            );
            return Err(self.type_error(message));
        }
        for at in positional..named {
            if bound[at].is_unbound() {
                let name = self.name_value(linked.params[at]);
                match function
                    .kwdefaults
                    .obj()
                    .and_then(|d| self.dict_lookup_str(d, name))
                {
                    Some(value) => bound[at] = value,
                    None => missing.push(params.names[at].to_string()),
                }
            }
        }
        if !missing.is_empty() {
            let message = format!(
                "{}() missing {} required keyword-only argument{}: {}",
                self.function_label(&function),
                missing.len(),
                plural(missing.len()),
                listed(&missing)
            );
            return Err(self.type_error(message));
        }
        let mut at = named;
        if params.star {
            bound[at] = self.tuple(&args[direct..given]);
            at += 1;
        }
        if params.star_star {
            bound[at] = self.dict(extra);
        }
        let end = base + code.registers as usize;
        th.stack[base..base + bound.len()].copy_from_slice(&bound);
        th.stack[base + bound.len()..end].fill(Value::Unbound);
        Ok(())
    }

    fn function_label(&self, function: &Function) -> String {
        self.as_str(function.qualname).unwrap_or("?").to_string()
    }

    fn too_many(
        &mut self,
        function: &Function,
        positional: usize,
        keyword_only: usize,
        given: usize,
        bound: &[Value],
    ) -> Raise {
        let defaults = self.as_items(function.defaults).map_or(0, <[Value]>::len);
        let label = self.function_label(function);
        let by_keyword = bound[positional..positional + keyword_only]
            .iter()
            .filter(|v| !v.is_unbound())
            .count();
        let takes = if defaults > 0 {
            format!(
                "from {} to {positional} positional arguments",
                positional - defaults
            )
        } else {
            format!("{positional} positional argument{}", plural(positional))
        };
        let extra = if by_keyword > 0 {
            format!(
                " positional argument{} (and {by_keyword} keyword-only argument{})",
                plural(given),
                plural(by_keyword)
            )
        } else {
            String::new()
        };
        let verb = if given == 1 && by_keyword == 0 {
            "was"
        } else {
            "were"
        };
        self.type_error(format!(
            "{label}() takes {takes} but {given}{extra} {verb} given"
        ))
    }
}
