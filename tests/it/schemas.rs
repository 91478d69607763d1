//! The JSON documents are what `docs/schema` says, and have no field that it does not tell.

use crate::support::{folder, raddle};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The schema of a kind of document, with no fields but those it tells.
fn schema(kind: &str) -> Value {
    let file = root().join(format!(
        "docs/schema/{}.schema.json",
        kind.replace('/', "-")
    ));
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::meta::validate(&schema).unwrap_or_else(|e| panic!("{kind}: {e}"));
    close(&mut schema);
    schema
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.contains_key("properties") && map.contains_key("type") {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            map.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// What a command prints, checked.
fn document(kind: &str, folder: &Path, args: &[&str]) -> Value {
    let done = raddle(folder, args);
    let document: Value = serde_json::from_str(&done.out)
        .unwrap_or_else(|e| panic!("{args:?}: {e}\n{}{}", done.out, done.err));
    assert_eq!(document["raddle"], kind, "{args:?}");
    let schema = jsonschema::validator_for(&schema(kind)).unwrap();
    let wrong: Vec<String> = schema
        .iter_errors(&document)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(
        wrong.is_empty(),
        "{args:?}\n{}\n{document:#}",
        wrong.join("\n")
    );
    document
}

#[test]
fn of_runs() {
    let run = |args: &[&str]| document("run/1", root(), &[&["run", "--json"], args].concat());
    let fine = run(&["programs/race/lost_update.py", "--", "a"]);
    assert_eq!(fine["options"]["args"][0], "a");
    let deadlock = run(&["programs/deadlock/lock_order.py"]);
    assert_eq!(deadlock["stuck"].as_array().unwrap().len(), 3);
    run(&["programs/errors/main_raises.py"]);
    run(&["programs/errors/child_dies.py"]);
    run(&["programs/errors/exit_status.py"]);
    let endless = run(&["programs/race/lost_update.py", "--max-steps", "3"]);
    assert_eq!(endless["ending"], "endless");
    let failed = run(&["programs/executor/e28_map_typo.py"]);
    assert_eq!(failed["ending"], "refused");
    let folder = folder("schema_tasks");
    let task = "from concurrent.futures import ThreadPoolExecutor as P\nwith P() as p: p.submit(lambda: 1 / 0)\n";
    fs::write(folder.join("task.py"), task).unwrap();
    let task = document("run/1", &folder, &["run", "--json", "task.py"]);
    assert_eq!(task["task_exceptions"].as_array().unwrap().len(), 1);
}

#[test]
fn of_searches() {
    let explore = |args: &[&str]| {
        document(
            "explore/1",
            root(),
            &[&["explore", "--json"], args].concat(),
        )
    };
    let whole = explore(&["programs/deadlock/lock_order.py"]);
    assert_eq!(whole["verdict"], "bug");
    explore(&["programs/race/lost_update.py", "--strategy", "dfs"]);
    explore(&[
        "programs/race/lost_update.py",
        "--strategy",
        "random",
        "--max-schedules",
        "5",
    ]);
    explore(&[
        "programs/race/lost_update.py",
        "--preemptions",
        "1",
        "--time-limit",
        "9s",
    ]);
    explore(&[
        "programs/deadlock/lock_order.py",
        "--fail-fast",
        "--allow",
        "exit",
    ]);
    let cut = explore(&["programs/race/lost_update.py", "--max-steps", "5"]);
    assert_eq!(cut["verdict"], "limit");
}

#[test]
fn of_searches_for_a_schedule() {
    let folder = folder("schema_find");
    let program = root().join("programs/deadlock/lock_order.py");
    fs::write(folder.join("log"), "right-left\nleft-right\n").unwrap();
    fs::write(folder.join("other"), "right-left\nright-left\n").unwrap();
    let find = |args: &[&str]| {
        let all = [&["find", "--json", program.to_str().unwrap()], args].concat();
        document("find/1", &folder, &all)
    };
    let found = find(&["--stdout", "log"]);
    assert_eq!(found["verdict"], "found");
    assert_eq!(found["found"]["stdout"], "right-left\nleft-right\n");
    let absent = find(&["--stdout", "other", "--stderr", "log"]);
    assert_eq!(absent["verdict"], "absent");
    assert!(absent["nearest"]["stderr"]["line"] == 1, "{absent:#}");
    find(&["--stdout", "other", "--partial", "--ending", "finished"]);
    let limit = find(&[
        "--ending",
        "exit",
        "--max-schedules",
        "1",
        "--preemptions",
        "3",
    ]);
    assert_eq!(limit["verdict"], "limit");
}

#[test]
fn of_differences() {
    let diff = |args: &[&str]| document("diff/1", root(), &[&["diff", "--json"], args].concat());
    let other = diff(&["programs/race/lost_update.py@0", "@9"]);
    assert_eq!(other["same"], false);
    let same = diff(&["programs/race/lost_update.py@0", "@0"]);
    assert_eq!(same["same"], true);
    diff(&[
        "programs/race/lost_update.py",
        "programs/deadlock/lock_order.py",
    ]);
}
