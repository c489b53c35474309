#include "runner/cli/cli.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "runner/cli/bad_input.hpp"
#include "runner/cli/chaos_option.hpp"
#include "runner/cli/compare_command.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/cli/export_command.hpp"
#include "runner/cli/plan_command.hpp"
#include "runner/cli/play_commands.hpp"
#include "runner/cli/replay_command.hpp"
#include "runner/cli/report_commands.hpp"
#include "runner/cli/worlds_command.hpp"
#include "runner/os/supervisor.hpp"
#include "runner/spec/schema.hpp"

namespace joust::cli {
namespace {

constexpr const char* kAbout =
    "joust plays tournaments of many worlds between competitors on a pool of worker processes,\n"
    "and ends with score tables that can be trusted, whatever died on the way.";

constexpr const char* kExitCodes =
    "Exit codes: 0 every world counted; 1 internal error; 2 bad command line or spec;\n"
    "3 finished, but worlds are quarantined, missing or void; 4 the pool could not work;\n"
    "5 journal or disk error; 130/143 interrupted, resumable.";

void set_chaos(PlayOptions& options, const std::string& text) {
  try {
    options.injuries = parse_chaos(text);
  } catch (const ChaosError& error) {
    throw CLI::ValidationError("--chaos", error.what());
  }
}

void add_play_options(CLI::App& command, PlayOptions& options) {
  command.add_option("--workers", options.workers.count,
                     "Worker processes: a number, or auto (one per core)");
  command.add_flag_callback(
      "--pin", [&options] { options.workers.pin = true; }, "Each worker stays on one processor");
  command
      .add_flag_callback(
          "--no-pin", [&options] { options.workers.pin = false; },
          "Workers run where there is room, whatever the spec says")
      ->excludes("--pin");
  command.add_option("--nice", options.workers.nice, "Added to the workers' niceness: 0 to 19")
      ->check(CLI::Range(0U, spec::kMostNice));
  command
      .add_option("--ionice", options.workers.ionice,
                  "Their priority of input and output: idle, best-effort:N (0 to 7), none")
      ->check(CLI::IsMember(spec::ionice_key().value.choices));
  command.add_flag("--json", options.json, "Print the final summary as JSON");
  command.add_flag("--quiet,-q", options.quiet, "No progress and no closing report");
  command.add_flag("--in-process", options.in_process,
                   "Play in this process, for debugging: no isolation, no deadlines, no stacks;\n"
                   "SIGUSR1 is answered between worlds and where a world reports progress");
  command
      .add_option_function<std::string>(
          "--chaos", [&options](const std::string& text) { set_chaos(options, text); },
          "Injure joust's own workers at random, to see that the tables do not change:\n"
          "kill=20/s,stop=2/s,seed=7 (SIGKILL and SIGSTOP, per second or /m, the seed)")
      ->excludes("--in-process");
  command.add_option("--worker-binary", options.worker_binary,
                     "The worker program to start, instead of the one that belongs to this joust");
}

struct PlanArguments {
  std::filesystem::path spec;
  std::optional<std::string> seed;
  bool json = false;
};

struct WorldsArguments {
  std::string name;
  bool json = false;
};

// All commands with their options; parsing fills the fields in.
struct CommandLine {
  CLI::App app{kAbout, "joust"};
  RunArguments run;
  ResumeArguments resume;
  ReportArguments report;
  CompareArguments compare;
  StatusArguments status;
  ReplayArguments replay;
  ExportArguments export_;
  PlanArguments plan;
  WorldsArguments worlds;

  CommandLine() {
    app.footer(kExitCodes);
    app.set_version_flag("--version", "joust " JOUST_VERSION);
    app.require_subcommand(1);
    add_run();
    add_resume();
    add_views();
    add_replay();
    add_export();
    add_compare();
  }

  // How the user calls joust: by its path, or by its name alone.
  void set_program(const std::string& called) {
    if (called.find('/') == std::string::npos) return;
    for (std::string* program : {&run.play.program, &resume.play.program, &report.program,
                                 &status.program, &export_.program}) {
      *program = called;
    }
  }

  void add_run() {
    CLI::App& command = *app.add_subcommand("run", "Play a tournament");
    command.add_option("SPEC", run.spec, "The tournament's spec file (TOML)")->required();
    command.add_option("--out,-o", run.out, "The run directory to make (default: runs/<name>)");
    command.add_option("--name", run.name, "The tournament's name, instead of the spec's");
    command.add_option("--seed", run.seed, "The tournament's seed, instead of the spec's");
    add_play_options(command, run.play);
  }

  void add_resume() {
    CLI::App& command =
        *app.add_subcommand("resume", "Go on with a run where it stopped; worlds done stay done");
    command.add_option("DIR", resume.dir, "The run directory")->required();
    add_play_options(command, resume.play);
  }

  void add_replay() {
    CLI::App& command = *app.add_subcommand(
        "replay", "Play one world of a run again, in this process, and compare the result");
    command.add_option("DIR", replay.dir, "The run directory")->required();
    command.add_option("TASK", replay.task, "The world: its number, or its run id (0042_9f3ab1)")
        ->required();
    command.add_option(
        "--attempt", replay.attempt,
        "Which try to play (default: the one that counted, or the last that failed)");
    command.add_option("--trace", replay.trace,
                       "A new or empty folder for tables (CSV) of the world's course; 'joust "
                       "worlds NAME'\nsays which a world writes");
    command.footer(
        "Nothing is written but the trace. The world's log goes to standard error. What is "
        "recorded "
        "of\n"
        "the attempt is told before it is played: there is no isolation and no deadline, so a "
        "world "
        "that\n"
        "hung may hang again, and one that crashed or exited may end this command in the same way. "
        "To see\n"
        "where it does, run this command in a debugger.\n"
        "Exit codes: 0 the world was played to its end now (also where that attempt had failed),\n"
        "and its result is the recorded one or there is none to compare with; 2 bad command "
        "line;\n"
        "3 another result than the recorded one, or the world failed now.");
  }

  void add_compare() {
    CLI::App& command = *app.add_subcommand("compare", "Two or more runs side by side");
    command.add_option("DIR", compare.dirs, "The run directories; all are compared with the first")
        ->required()
        ->expected(2, -1);
    command.add_flag("--json", compare.json, "As JSON");
    command.add_flag("--exit-code", compare.exit_code, "Exit with 3 when specs or results differ");
  }

  void add_views() {
    CLI::App& report_app = *app.add_subcommand("report", "What happened, and the standings");
    report_app.add_option("DIR", report.dir, "The run directory")->required();
    report_app
        .add_option("--format", report.format,
                    "text; json for programs; markdown for an announcement; junit for CI systems")
        ->check(CLI::IsMember(report_formats()));
    report_app.add_option("-o,--output", report.output, "Write to this file");
    report_app.add_option("--world", report.world,
                          "Only this world: its number, or its run id (0042_9f3ab1); as text or "
                          "json.\nOne that can explain itself is played again, in this process");

    CLI::App& status_app =
        *app.add_subcommand("status", "A running or finished tournament, from another terminal");
    status_app.add_option("DIR", status.dir, "The run directory")->required();
    status_app.add_flag("--watch,-w", status.watch, "Every second, until the run has ended");
    status_app.add_flag("--json", status.json, "As JSON");

    CLI::App& plan_app =
        *app.add_subcommand("plan", "How many worlds a spec makes, and every default used");
    plan_app.add_option("SPEC", plan.spec, "The tournament's spec file (TOML)")->required();
    plan_app.add_option("--seed", plan.seed, "The tournament's seed, instead of the spec's");
    plan_app.add_flag("--json", plan.json, "As JSON");

    CLI::App& worlds_app =
        *app.add_subcommand("worlds", "The worlds, their parameters and competitor types");
    worlds_app.add_option(
        "NAME", worlds.name,
        "Only this world, with all its parameters; or the file of a plugin (./libmyworld.so)");
    worlds_app.add_flag("--json", worlds.json, "As JSON");
  }

  void add_export() {
    CLI::App& command = *app.add_subcommand(
        "export", "Write all tables, with the files that 'negmas tournament eval' reads");
    command.add_option("DIR", export_.dir, "The run directory")->required();
    command.add_option("--out,-o", export_.out,
                       "The folder to write to (default: DIR/<name>-stage-0001)");
    command.add_flag("--reproducible", export_.reproducible,
                     "The same bytes every time: 0 for the times that worlds took, and paths\n"
                     "relative to the folder");
  }
};

int plan_spec(const PlanArguments& arguments, const WorldRegistry& worlds) {
  try {
    spec::Overrides overrides;
    overrides.seed = arguments.seed;
    const spec::LoadedSpec spec = spec::load(arguments.spec, worlds, overrides);
    for (const std::string& warning : spec.warnings) {
      fmt::print(stderr, "joust: warning: {}\n", warning);
    }
    return plan_command(spec, see_machine(), arguments.json, std::cout);
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  }
}

int dispatch(const CommandLine& line, const WorldRegistry& worlds) {
  const bool plays = line.app.got_subcommand("run") || line.app.got_subcommand("resume");
  if (plays) os::block_supervisor_signals();  // the others end by them, as everybody does
  if (line.app.got_subcommand("run")) return run_command(line.run, worlds);
  if (line.app.got_subcommand("resume")) return resume_command(line.resume, worlds);
  if (line.app.got_subcommand("report")) return report_command(line.report, worlds);
  if (line.app.got_subcommand("replay")) return replay_command(line.replay, worlds);
  if (line.app.got_subcommand("compare")) {
    return compare_command(line.compare, worlds, std::cout);
  }
  if (line.app.got_subcommand("status")) return status_command(line.status);
  if (line.app.got_subcommand("export")) return export_command(line.export_, worlds);
  if (line.app.got_subcommand("plan")) return plan_spec(line.plan, worlds);
  return worlds_command(worlds, line.worlds.name, line.worlds.json, std::cout, std::cerr);
}

// The exit code, unless what was said on standard output is lost.
int check_output(int code) {
  const bool is_out = std::cout.flush() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (is_out) return code;
  fmt::print(stderr, "joust: cannot write to standard output: {}\n", std::strerror(errno));
  return code == kAllCounted ? kJournalError : code;
}

// The help or the version that was asked for, or what is wrong with the command line.
int answer(const CLI::App& app, const CLI::ParseError& error, bool is_bare) {
  if (error.get_exit_code() == 0) {
    app.exit(error);
    return check_output(kAllCounted);
  }
  if (is_bare) {
    std::cerr << app.help();
    return kBadInput;
  }
  return bad_input(fmt::format("{}; --help says what is possible", error.what()));
}

}  // namespace

int main(int argc, char** argv, const WorldRegistry& worlds) {
  CommandLine line;
  line.set_program(argc > 0 ? argv[0] : "");
  try {
    line.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return answer(line.app, error, argc == 1);
  }
  try {
    return check_output(dispatch(line, worlds));
  } catch (const std::exception& error) {
    fmt::print(stderr, "joust: internal error: {}\n", error.what());
    return kInternalError;
  }
}

}  // namespace joust::cli
