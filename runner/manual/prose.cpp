#include "runner/manual/prose.hpp"

#include <map>

namespace joust::manual {
namespace {

constexpr Entry kNoColor = {
    "NO_COLOR", "When it is set and not empty, what is written to a terminal has no colours."};
constexpr Entry kNoCgroup = {"JOUST_NO_CGROUP",
                             "When it is set, joust makes no control group for its workers."};
constexpr Entry kPath = {"PATH",
                         "Where a program that the spec names without a slash is looked for."};

constexpr Entry kJournal = {
    "DIR/run.db",
    "The journal (SQLite), the truth about what is done: tables and reports can "
    "be made again from it. Copy it together with run.db-wal, never alone."};
constexpr Entry kStatusFile = {
    "DIR/status.json", "What the workers do, written about once a second while a run goes on."};
constexpr Entry kTables = {"DIR/<name>-stage-0001/",
                           "All tables, in the format that negmas writes."};

Prose joust_prose() {
  return {
      {"A tournament is described by a spec, a TOML file: a world (a simulation, a game), its "
       "parameters, and the competitors. Workers, processes of their own, play one world at a "
       "time. "
       "When one of them crashes, hangs, or is killed, that costs the world that it was playing "
       "one "
       "attempt, and nothing else; the world is played again, and set aside after some attempts "
       "(three by default), with its evidence. A world counts when its result is in the journal of "
       "the run directory.",
       "A spec is a program: it names commands, and libraries, that are run with your rights. Read "
       "a stranger's spec before you run it."},
      {kJournal,
       {"DIR/spec.toml, DIR/inputs/", "The spec as it was played, and the files that it names."},
       {"DIR/report.html", "The report as a page for the browser, in one file."},
       {"DIR/standings.csv, DIR/pairwise.csv, DIR/failures.csv",
        "The standings with their intervals, tests of every pair, every failed attempt."},
       kTables,
       {"DIR/attempts/", "What a failed world printed, where it was stuck or crashed."},
       {"DIR/events.jsonl", "The course of the run, line by line."},
       kStatusFile},
      {kNoColor, kNoCgroup, kPath},
      {{"joust plan first.toml",
        "How many worlds there are to play, and every key with its value."},
       {"joust run first.toml", "Play them; the results go to runs/first."},
       {"joust status runs/first --watch", "Look on from another terminal."},
       {"joust resume runs/first", "Go on after an interruption, whatever it was."},
       {"joust report runs/first", "The standings, and what went wrong."}}};
}

Prose run_prose() {
  return {
      {"The first SIGINT (Ctrl-C) or SIGTERM ends the run gently: the worlds being played finish, "
       "and no new ones begin. The second one stops them, the third kills. Whatever ended a run, "
       "joust resume goes on with it, and the tables are those of a run that was never stopped.",
       "SIGUSR1 prints what each worker does, with the stacks of all its threads; the run goes "
       "on."},
      {kJournal, kStatusFile, kTables},
      {kNoColor, kNoCgroup, kPath},
      {{"joust run first.toml --workers 4", "Play with four worker processes."},
       {"joust run first.toml --out runs/hurt --chaos kill=20/s,stop=2/s,seed=7",
        "Injure the own workers at random, and see that the tables do not change."}}};
}

Prose resume_prose() {
  return {{"Worlds that are in the journal are done. The others are played with the spec that is "
           "recorded in the run directory; where that or one of its inputs was changed in a way "
           "that decides results, nothing is played, and the message says what was changed.",
           "Signals do what they do to joust run."},
          {kJournal, kStatusFile, kTables},
          {kNoColor, kNoCgroup, kPath},
          {}};
}

Prose report_prose() {
  return {
      {"A tournament that is running can be reported, too; the report says then that it is "
       "partial. So can a damaged one: what is lost is told."},
      {kJournal},
      {kNoColor},
      {{"joust report runs/first --format markdown -o first.md", "To paste into an announcement."},
       {"joust report runs/first --world 37", "Everything about one world."}}};
}

Prose status_prose() { return {{}, {kStatusFile}, {kNoColor}, {}}; }

Prose plan_prose() {
  return {{"Nothing is played and nothing is written. How many workers memory allows is told as "
           "well."},
          {},
          {kPath},
          {}};
}

Prose worlds_prose() {
  return {{},
          {},
          {},
          {{"joust worlds", "All worlds there are."},
           {"joust worlds prisoners-dilemma", "What can be set there, and who can play."}}};
}

Prose replay_prose() {
  return {{},
          {kJournal},
          {},
          {{"joust replay runs/first 37 --attempt 1", "The first attempt at world 37."},
           {"gdb --args joust replay runs/first 37", "The same in a debugger."}}};
}

Prose export_prose() { return {{}, {kJournal, kTables}, {}, {}}; }

Prose compare_prose() {
  return {
      {"Whether the specs are the same, where they differ, and which worlds have other results."},
      {kJournal},
      {kNoColor},
      {}};
}

const std::map<std::string, Prose>& prose() {
  static const std::map<std::string, Prose> all = {
      {"joust", joust_prose()},     {"run", run_prose()},       {"resume", resume_prose()},
      {"report", report_prose()},   {"status", status_prose()}, {"plan", plan_prose()},
      {"worlds", worlds_prose()},   {"replay", replay_prose()}, {"export", export_prose()},
      {"compare", compare_prose()},
  };
  return all;
}

}  // namespace

Prose prose_of(const std::string& command) {
  const auto found = prose().find(command);
  return found == prose().end() ? Prose{} : found->second;
}

std::vector<std::string> commands_with_prose() {
  std::vector<std::string> commands;
  for (const auto& [command, text] : prose()) commands.push_back(command);
  return commands;
}

}  // namespace joust::manual
