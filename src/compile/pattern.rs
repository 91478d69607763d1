//! `match`. What a pattern captures stands in temporaries until the whole pattern has matched, and is bound then.

use crate::compile::codegen::Codegen;
use crate::compile::problem::{Compiled, Problem};
use crate::compile::unit::Label;
use crate::parse::{range, span};
use crate::program::instr::{CmpOp, Helper, Instr, Reg};
use crate::program::{Const, Span};
use ruff_python_ast::{self as ast, Expr, Identifier, IrrefutablePatternKind, Pattern, Singleton};

/// Captured names with the registers of their values.
type Captures<'a> = Vec<(&'a Identifier, Reg)>;

impl<'a> Codegen<'a, '_> {
    /// A `match` statement.
    pub fn match_statement(&mut self, choice: &'a ast::StmtMatch) -> Compiled {
        let mark = self.unit.mark();
        let subject = self.fresh(&choice.subject)?;
        let end = self.unit.label();
        let last = choice.cases.len().saturating_sub(1);
        for (index, case) in choice.cases.iter().enumerate() {
            if index < last
                && case.guard.is_none()
                && let Some(pattern) = case.pattern.irrefutable_pattern()
            {
                return Err(unreachable_patterns(&pattern.kind, range(pattern.range)));
            }
            let next = self.unit.label();
            let mark = self.unit.mark();
            let mut captures = Captures::new();
            self.pattern(&case.pattern, subject, next, &mut captures)?;
            for (name, reg) in captures {
                let sym = self.sym(name);
                self.store(sym, reg, range(name.range))?;
            }
            if let Some(guard) = &case.guard {
                self.condition(guard, false, next)?;
            }
            self.unit.release(mark);
            self.body(&case.body)?;
            if index < last {
                self.unit.jump(end, range(case.range));
            }
            self.unit.place(next);
        }
        self.unit.place(end);
        self.unit.release(mark);
        Ok(())
    }

    /// Goes on if the value in `subject` matches, else jumps to `fail`. Registers of captures stay taken.
    fn pattern(
        &mut self,
        pattern: &'a Pattern,
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Compiled {
        let at = span(pattern);
        match pattern {
            Pattern::MatchValue(value) => {
                let mark = self.unit.mark();
                let b = self.value(&value.value)?;
                let test = Instr::TestCmp {
                    op: CmpOp::Eq,
                    a: subject,
                    b,
                };
                self.branch(test, false, fail, at);
                self.unit.release(mark);
                Ok(())
            }
            Pattern::MatchSingleton(singleton) => {
                let mark = self.unit.mark();
                let b = self.unit.temp(at)?;
                let value = match singleton.value {
                    Singleton::None => Const::None,
                    Singleton::True => Const::Bool(true),
                    Singleton::False => Const::Bool(false),
                };
                self.load_const(value, b, at)?;
                self.test(ast::CmpOp::Is, subject, b, false, fail, at);
                self.unit.release(mark);
                Ok(())
            }
            Pattern::MatchAs(capture) => {
                if let Some(inner) = &capture.pattern {
                    self.pattern(inner, subject, fail, captures)?;
                }
                match &capture.name {
                    Some(name) => capture_name(name, subject, captures),
                    None => Ok(()),
                }
            }
            Pattern::MatchStar(_) => Err(Problem::syntax("invalid syntax", at)),
            Pattern::MatchSequence(sequence) => {
                self.sequence(&sequence.patterns, subject, fail, captures, at)
            }
            Pattern::MatchMapping(mapping) => self.mapping(mapping, subject, fail, captures),
            Pattern::MatchClass(class) => self.class_pattern(class, subject, fail, captures),
            Pattern::MatchOr(alternatives) => {
                self.alternatives(&alternatives.patterns, subject, fail, captures, at)
            }
        }
    }

    /// `d = helper(subject)`.
    fn ask(&mut self, helper: Helper, subject: Reg, d: Reg, at: Span) -> Compiled {
        self.helper(helper, 1, d, at, |this, arg| {
            this.unit.emit(Instr::Move { d: arg, s: subject }, at);
            Ok(())
        })
    }

    /// Jumps to `fail` unless `helper(subject)` is true.
    fn require(&mut self, helper: Helper, subject: Reg, fail: Label, at: Span) -> Compiled {
        let mark = self.unit.mark();
        let d = self.unit.temp(at)?;
        self.ask(helper, subject, d, at)?;
        self.unit.emit(Instr::TestTrue { s: d }, at);
        self.unit.jump(fail, at);
        self.unit.release(mark);
        Ok(())
    }

    /// Jumps to `fail` unless `len(subject) op count`.
    fn require_length(
        &mut self,
        subject: Reg,
        op: CmpOp,
        count: usize,
        fail: Label,
        at: Span,
    ) -> Compiled {
        let mark = self.unit.mark();
        let a = self.unit.temp(at)?;
        self.ask(Helper::MatchLen, subject, a, at)?;
        let v = i16::try_from(count).map_err(|_| Problem::too_many("sub-patterns", at))?;
        self.branch(Instr::TestCmpInt { op, a, v }, false, fail, at);
        self.unit.release(mark);
        Ok(())
    }

    fn sequence(
        &mut self,
        patterns: &'a [Pattern],
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
        at: Span,
    ) -> Compiled {
        let is_star = |pattern: &Pattern| matches!(pattern, Pattern::MatchStar(_));
        let star = patterns.iter().position(is_star);
        if patterns.iter().filter(|pattern| is_star(pattern)).count() > 1 {
            return Err(Problem::syntax(
                "multiple starred expressions in sequence pattern",
                at,
            ));
        }
        self.require(Helper::MatchIsSequence, subject, fail, at)?;
        let Some(before) = star else {
            self.require_length(subject, CmpOp::Eq, patterns.len(), fail, at)?;
            if patterns.is_empty() || patterns.iter().all(is_wildcard) {
                return Ok(());
            }
            let a = self.unit.temps(patterns.len(), at)?;
            let n = patterns.len() as u16;
            self.unit.emit(Instr::Unpack { s: subject, a, n }, at);
            return self.sub_patterns(patterns.iter(), a, fail, captures);
        };
        if patterns.len() > 1 {
            self.require_length(subject, CmpOp::Ge, patterns.len() - 1, fail, at)?;
        }
        let wild = |pattern: &Pattern| match pattern {
            Pattern::MatchStar(star) => star.name.is_none(),
            pattern => is_wildcard(pattern),
        };
        if patterns.iter().all(wild) {
            return Ok(());
        }
        let after = patterns.len() - before - 1;
        let (Ok(before), Ok(after)) = (u8::try_from(before), u8::try_from(after)) else {
            return Err(Problem::syntax(
                "too many expressions in star-unpacking sequence pattern",
                at,
            ));
        };
        let a = self.unit.temps(patterns.len(), at)?;
        let unpack = Instr::UnpackStar {
            before,
            after,
            s: subject,
            a,
        };
        self.unit.emit(unpack, at);
        self.sub_patterns(patterns.iter(), a, fail, captures)
    }

    /// Matches patterns against values in registers in a row.
    fn sub_patterns(
        &mut self,
        patterns: impl Iterator<Item = &'a Pattern>,
        first: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Compiled {
        for (index, pattern) in patterns.enumerate() {
            let reg = first + index as Reg;
            match pattern {
                Pattern::MatchStar(star) => {
                    if let Some(name) = &star.name {
                        capture_name(name, reg, captures)?;
                    }
                }
                pattern => self.pattern(pattern, reg, fail, captures)?,
            }
        }
        Ok(())
    }

    fn mapping(
        &mut self,
        mapping: &'a ast::PatternMatchMapping,
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Compiled {
        let at = range(mapping.range);
        self.require(Helper::MatchIsMapping, subject, fail, at)?;
        let count = mapping.keys.len();
        if count == 0 && mapping.rest.is_none() {
            return Ok(());
        }
        if count > 0 {
            self.require_length(subject, CmpOp::Ge, count, fail, at)?;
        }
        check_keys(&mapping.keys)?;
        let keys = self.unit.temp(at)?;
        let mark = self.unit.mark();
        let a = mark as Reg;
        for key in &mapping.keys {
            self.fresh(key)?;
        }
        self.unit.emit(
            Instr::Tuple {
                d: keys,
                a,
                n: count as u16,
            },
            at,
        );
        self.unit.release(mark);
        if count > 0 {
            let values = self.unit.temp(at)?;
            self.helper(Helper::MatchKeys, 2, values, at, |this, arg| {
                this.unit.emit(Instr::Move { d: arg, s: subject }, at);
                this.unit.emit(
                    Instr::Move {
                        d: arg + 1,
                        s: keys,
                    },
                    at,
                );
                Ok(())
            })?;
            self.unpack_or_fail(values, count, fail, at)?;
            let first = values + 1;
            self.sub_patterns(mapping.patterns.iter(), first, fail, captures)?;
        }
        if let Some(rest) = &mapping.rest {
            let d = self.unit.temp(at)?;
            self.helper(Helper::MatchRest, 2, d, at, |this, arg| {
                this.unit.emit(Instr::Move { d: arg, s: subject }, at);
                this.unit.emit(
                    Instr::Move {
                        d: arg + 1,
                        s: keys,
                    },
                    at,
                );
                Ok(())
            })?;
            capture_name(rest, d, captures)?;
        }
        Ok(())
    }

    /// Jumps to `fail` if a helper gave None, else unpacks its tuple into the registers behind it.
    fn unpack_or_fail(&mut self, tuple: Reg, count: usize, fail: Label, at: Span) -> Compiled {
        self.unit.emit(
            Instr::TestNone {
                negate: true,
                s: tuple,
            },
            at,
        );
        self.unit.jump(fail, at);
        let a = self.unit.temps(count, at)?;
        debug_assert_eq!(a, tuple + 1, "nothing was taken in between");
        if count > 0 {
            let n = count as u16;
            self.unit.emit(Instr::Unpack { s: tuple, a, n }, at);
        }
        Ok(())
    }

    fn class_pattern(
        &mut self,
        class: &'a ast::PatternMatchClass,
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Compiled {
        let at = range(class.range);
        let arguments = &class.arguments;
        let mut names = Vec::with_capacity(arguments.keywords.len());
        for (index, keyword) in arguments.keywords.iter().enumerate() {
            let repeated = arguments.keywords[..index]
                .iter()
                .any(|other| other.attr.id == keyword.attr.id);
            if repeated {
                let message = format!("attribute name repeated in class pattern: {}", keyword.attr);
                return Err(Problem::syntax(message, span(&keyword.pattern)));
            }
            let sym = self.sym(&keyword.attr);
            names.push(self.text(sym));
        }
        let positional = arguments.patterns.len();
        let values = self.unit.temp(at)?;
        self.helper(Helper::MatchClass, 4, values, at, |this, arg| {
            this.into(&class.cls, arg + 1)?;
            this.unit.emit(Instr::Move { d: arg, s: subject }, at);
            this.load_const(Const::Int(positional as i64), arg + 2, at)?;
            this.load_const(Const::Tuple(names), arg + 3, at)
        })?;
        self.unpack_or_fail(values, positional + arguments.keywords.len(), fail, at)?;
        let keywords = arguments.keywords.iter().map(|keyword| &keyword.pattern);
        self.sub_patterns(
            arguments.patterns.iter().chain(keywords),
            values + 1,
            fail,
            captures,
        )
    }

    fn alternatives(
        &mut self,
        patterns: &'a [Pattern],
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
        at: Span,
    ) -> Compiled {
        let matched = self.unit.label();
        let (last, first) = patterns
            .split_last()
            .expect("an or-pattern has alternatives");
        for pattern in first {
            if let Some(pattern) = pattern.irrefutable_pattern() {
                return Err(unreachable_patterns(&pattern.kind, range(pattern.range)));
            }
        }
        // All alternatives bind the same names; their values go to registers of the first's choice.
        let mut names: Vec<&'a Identifier> = Vec::new();
        bound_names(&patterns[0], &mut names);
        let home = self.unit.temps(names.len(), at)?;
        for pattern in first.iter().chain([last]) {
            let next = self.unit.label();
            let mark = self.unit.mark();
            let mut found = Captures::new();
            self.pattern(pattern, subject, next, &mut found)?;
            if found.len() != names.len() {
                return Err(different_names(at));
            }
            for (index, name) in names.iter().enumerate() {
                let Some((_, reg)) = found.iter().find(|(other, _)| other.id == name.id) else {
                    return Err(different_names(at));
                };
                let d = home + index as Reg;
                self.unit.emit(Instr::Move { d, s: *reg }, at);
            }
            self.unit.release(mark);
            self.unit.jump(matched, at);
            self.unit.place(next);
        }
        self.unit.jump(fail, at);
        self.unit.place(matched);
        for (index, name) in names.into_iter().enumerate() {
            capture_name(name, home + index as Reg, captures)?;
        }
        Ok(())
    }
}

fn capture_name<'a>(name: &'a Identifier, reg: Reg, captures: &mut Captures<'a>) -> Compiled {
    if captures.iter().any(|(other, _)| other.id == name.id) {
        return Err(Problem::syntax(
            format!("multiple assignments to name '{name}' in pattern"),
            range(name.range),
        ));
    }
    captures.push((name, reg));
    Ok(())
}

/// `_`.
fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::MatchAs(capture) if capture.pattern.is_none() && capture.name.is_none())
}

fn different_names(at: Span) -> Problem {
    Problem::syntax("alternative patterns bind different names", at)
}

fn unreachable_patterns(kind: &IrrefutablePatternKind, at: Span) -> Problem {
    let what = match kind {
        IrrefutablePatternKind::Name(name) => format!("name capture '{name}'"),
        IrrefutablePatternKind::Wildcard => "wildcard".to_owned(),
    };
    Problem::syntax(format!("{what} makes remaining patterns unreachable"), at)
}

/// Literal keys may not repeat.
fn check_keys(keys: &[Expr]) -> Compiled {
    let mut seen = Vec::new();
    for key in keys {
        let Some(value) = crate::compile::fold::constant(key)? else {
            continue;
        };
        if seen.contains(&value) {
            return Err(Problem::syntax(
                "mapping pattern checks duplicate key",
                span(key),
            ));
        }
        seen.push(value);
    }
    Ok(())
}

/// The names that a pattern binds, in order.
fn bound_names<'a>(pattern: &'a Pattern, names: &mut Vec<&'a Identifier>) {
    match pattern {
        Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
        Pattern::MatchStar(star) => names.extend(&star.name),
        Pattern::MatchAs(capture) => {
            if let Some(inner) = &capture.pattern {
                bound_names(inner, names);
            }
            names.extend(&capture.name);
        }
        Pattern::MatchSequence(sequence) => sequence
            .patterns
            .iter()
            .for_each(|inner| bound_names(inner, names)),
        Pattern::MatchMapping(mapping) => {
            mapping
                .patterns
                .iter()
                .for_each(|inner| bound_names(inner, names));
            names.extend(&mapping.rest);
        }
        Pattern::MatchClass(class) => {
            class
                .arguments
                .patterns
                .iter()
                .for_each(|inner| bound_names(inner, names));
            let keywords = class.arguments.keywords.iter();
            keywords.for_each(|keyword| bound_names(&keyword.pattern, names));
        }
        Pattern::MatchOr(alternatives) => {
            if let Some(first) = alternatives.patterns.first() {
                bound_names(first, names);
            }
        }
    }
}
