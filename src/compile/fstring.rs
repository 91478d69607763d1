//! f-strings: texts and formatted values in registers in a row, joined.

use crate::compile::codegen::Codegen;
use crate::compile::problem::Compiled;
use crate::parse::range;
use crate::program::instr::{Conversion, Instr, Reg};
use crate::program::{Const, Span};
use ruff_python_ast::{
    self as ast, ConversionFlag, FStringPart, InterpolatedElement, InterpolatedStringElement,
};

/// Pieces are joined when there are this many.
const MAX_ROW: usize = 64;

/// A piece of an f-string.
enum Piece<'a> {
    Text(String),
    Value(&'a InterpolatedElement),
}

/// Pieces in order, neighbouring texts joined.
#[derive(Default)]
struct Pieces<'a>(Vec<Piece<'a>>);

impl<'a> Pieces<'a> {
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece::Text(last)) = self.0.last_mut() {
            last.push_str(text);
        } else {
            self.0.push(Piece::Text(text.to_owned()));
        }
    }

    fn elements(&mut self, elements: &'a [InterpolatedStringElement]) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => self.text(&literal.value),
                InterpolatedStringElement::Interpolation(value) => {
                    if let Some(debug) = &value.debug_text {
                        self.text(debug.as_str());
                    }
                    self.0.push(Piece::Value(value));
                }
            }
        }
    }
}

impl<'a> Codegen<'a, '_> {
    /// `d = f-string`.
    pub fn f_string(&mut self, string: &'a ast::ExprFString, d: Reg) -> Compiled {
        let mut pieces = Pieces::default();
        for part in string.value.iter() {
            match part {
                FStringPart::Literal(literal) => pieces.text(literal),
                FStringPart::FString(part) => pieces.elements(&part.elements),
            }
        }
        self.join(pieces, d, range(string.range))
    }

    fn join(&mut self, pieces: Pieces<'a>, d: Reg, at: Span) -> Compiled {
        let mut pieces = pieces.0;
        if pieces.len() <= 1 {
            return match pieces.pop() {
                None => self.load_const(Const::Str("".into()), d, at),
                Some(piece) => self.piece(piece, d, at),
            };
        }
        let a = self.unit.mark() as Reg;
        let mut n = 0;
        for piece in pieces {
            if n == MAX_ROW {
                self.unit.emit(
                    Instr::Concat {
                        d: a,
                        a,
                        n: n as u16,
                    },
                    at,
                );
                self.unit.release(u32::from(a) + 1);
                n = 1;
            }
            let reg = self.unit.temp(at)?;
            self.piece(piece, reg, at)?;
            n += 1;
        }
        self.unit.emit(Instr::Concat { d, a, n: n as u16 }, at);
        Ok(())
    }

    fn piece(&mut self, piece: Piece<'a>, d: Reg, at: Span) -> Compiled {
        let value = match piece {
            Piece::Text(text) => return self.load_const(Const::Str(text.into()), d, at),
            Piece::Value(value) => value,
        };
        let at = range(value.range);
        let mark = self.unit.mark();
        let s = self.value(&value.expression)?;
        let conversion = match value.conversion {
            ConversionFlag::Str => Conversion::Str,
            ConversionFlag::Ascii => Conversion::Ascii,
            ConversionFlag::Repr => Conversion::Repr,
            // `f"{x=}"` shows the value's repr unless told otherwise.
            ConversionFlag::None if value.debug_text.is_some() && value.format_spec.is_none() => {
                Conversion::Repr
            }
            ConversionFlag::None => Conversion::None,
        };
        match &value.format_spec {
            None => self.unit.emit(Instr::Format { conversion, d, s }, at),
            Some(format) => {
                let mut pieces = Pieces::default();
                pieces.elements(&format.elements);
                let spec = self.unit.temp(at)?;
                self.join(pieces, spec, at)?;
                self.unit.emit(
                    Instr::FormatSpec {
                        conversion,
                        d,
                        s,
                        spec,
                    },
                    at,
                );
            }
        }
        self.unit.release(mark);
        Ok(())
    }
}
