//! `raddle diff` and `raddle show`.

use super::args::{DiffArgs, Format, ShowArgs};
use super::exit;
use super::fail::Fail;
use super::source::{Given, traces};
use super::streams::Streams;
use crate::diff::compare;
use crate::render::fold::folded;
use crate::render::select::Select;
use crate::render::{diff, diff_json, lanes, text};
use crate::trace::codec;

/// `raddle diff`.
pub(super) fn diff(args: &DiffArgs, streams: &mut Streams) -> Result<u8, Fail> {
    let given = Given {
        program: args.program.as_deref(),
        schedule: &args.schedule,
        given: &args.given,
    };
    let names = [args.a.as_str(), args.b.as_str()];
    let both = traces(&names, &given)?;
    let found = compare(&both[0], &both[1]);
    if args.json {
        let document = diff_json::document(&found, names);
        streams.result(|out, _| writeln!(out, "{document}"))?;
    } else {
        streams.result(|out, palette| {
            let report = diff::report(&found, names, args.quiet, palette);
            out.write_all(report.as_bytes())
        })?;
    }
    Ok(if found.is_same() {
        exit::OK
    } else {
        exit::FAILED
    })
}

/// `raddle show`.
pub(super) fn show(args: &ShowArgs, streams: &mut Streams) -> Result<u8, Fail> {
    let given = Given {
        program: args.program.as_deref(),
        schedule: &args.schedule,
        given: &args.given,
    };
    let mut trace = traces(&[&args.trace], &given)?.remove(0);
    if !args.inside && args.format != Format::Json {
        trace = folded(&trace).into_owned();
    }
    let select = Select {
        threads: args.thread.clone(),
        objects: args.object.clone(),
        kinds: args.kind.clone(),
        around: args.around.map(|step| (step, args.context)),
    };
    if !select.is_all() {
        trace = select.apply(&trace).map_err(Fail::usage)?;
    }
    streams.result(|mut out, palette| match args.format {
        Format::Text => text::write(&trace, palette, &mut out),
        Format::Lanes => lanes::write(&trace, palette, &mut out),
        Format::Json => codec::write(&trace, &mut out),
    })?;
    Ok(exit::OK)
}
