#include "runner/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "common/shard.hpp"
#include "common/text.hpp"
#include "runner/cli/chaos_option.hpp"
#include "runner/cli/shard_option.hpp"
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

void add_scratch(CLI::App& command, PlayOptions& options) {
  command
      .add_option("--scratch", options.scratch.scratch,
                  "A folder of this machine for the journal, where the run directory is on a "
                  "network file\nsystem (default: $TMPDIR, /tmp, /var/tmp or /dev/shm)")
      ->type_name(kFolderType);
}

void set_copy_every(PlayOptions& options, const std::string& text) {
  const auto duration = parse_duration(text);
  if (!duration || *duration < std::chrono::milliseconds(1)) {
    throw CLI::ValidationError(
        "--copy-every", "'" + text + "' is no duration of a millisecond or more, such as 30s");
  }
  options.scratch.copy_every = *duration;
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
  add_scratch(command, options);
  command.add_option_function<std::string>(
      "--copy-every", [&options](const std::string& text) { set_copy_every(options, text); },
      "How often that journal is copied to the run directory (default: 30s)");
  command
      .add_option("--worker-binary", options.worker_binary,
                  "The worker program to start, instead of the one that belongs to this joust")
      ->type_name(kFileType);
}

void set_shard(RunArguments& arguments, const std::string& text) {
  try {
    arguments.shard = parse_shard(text, [](const char* name) { return std::getenv(name); });
  } catch (const ShardError& error) {
    throw CLI::ValidationError("--shard", error.what());
  }
}

void add_run(CLI::App& app, RunArguments& arguments) {
  CLI::App& command = *app.add_subcommand("run", "Play a tournament");
  command
      .add_option("SPEC", arguments.spec,
                  "The tournament's spec file (TOML); or a run directory: then what it recorded is "
                  "played anew")
      ->required()
      ->type_name(kFileType);
  command
      .add_option("--out,-o", arguments.out,
                  "The run directory to make (default: runs/<name>, of a shard "
                  "runs/<name>-shard-I-of-N)")
      ->type_name(kFolderType);
  command.add_option("--name", arguments.name, "The tournament's name, instead of the spec's");
  command.add_option("--seed", arguments.seed, "The tournament's seed, instead of the spec's");
  command.add_option_function<std::string>(
      "--shard", [&arguments](const std::string& text) { set_shard(arguments, text); },
      "Play only part I/N of the worlds (I from 1 to N), to be joined by 'joust merge'; auto/N "
      "takes\nI from SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or CI_NODE_INDEX");
  add_play_options(command, arguments.play);
}

void add_resume(CLI::App& app, ResumeArguments& arguments) {
  CLI::App& command =
      *app.add_subcommand("resume", "Go on with a run where it stopped; worlds done stay done");
  command.add_option("DIR", arguments.dir, "The run directory")->required()->type_name(kFolderType);
  add_play_options(command, arguments.play);
}

void add_merge(CLI::App& app, MergeArguments& arguments) {
  CLI::App& command = *app.add_subcommand(
      "merge", "Join runs of parts of a tournament (shards) into one run directory");
  command.add_option("DIR", arguments.dirs, "The run directories, all of the same spec")
      ->required()
      ->expected(1, -1)
      ->type_name(kFolderType);
  command.add_option("--out,-o", arguments.out, "The run directory to make")
      ->required()
      ->type_name(kFolderType);
  command.add_flag("--json", arguments.show.json, "Print the final summary as JSON");
  command.add_flag("--quiet,-q", arguments.show.quiet, "No closing report");
  add_scratch(command, arguments.show);
  command.footer(
      "The tables are those of a run that played all worlds itself, byte for byte. A world that "
      "several\nruns played must have the same result in each. Worlds that none of them played are "
      "missing, as in\nany run: 'joust resume' of the merged run plays them.\n"
      "Exit codes: 0 every world counted; 1 internal error; 2 bad command line, or runs that\n"
      "cannot be merged; 3 worlds are quarantined, missing or void; 5 disk error.");
}

void add_report(CLI::App& app, ReportArguments& arguments) {
  CLI::App& command = *app.add_subcommand("report", "What happened, and the standings");
  command.add_option("DIR", arguments.dir, "The run directory")->required()->type_name(kFolderType);
  command
      .add_option("--format", arguments.format,
                  "text; json for programs; markdown for an announcement; junit for CI systems")
      ->check(CLI::IsMember(report_formats()));
  command.add_option("-o,--output", arguments.output, "Write to this file")->type_name(kFileType);
  command.add_option("--world", arguments.world,
                     "Only this world: its number, or its run id (0042_9f3ab1); as text or "
                     "json.\nOne that can explain itself is played again, in this process");
  command.footer(
      "Exit codes: 0 reported; 1 internal error; 2 bad command line, or a run directory that\n"
      "cannot be worked with; 5 the journal is damaged, and what can be read is shown, or the\n"
      "report could not be written.");
}

void add_status(CLI::App& app, StatusArguments& arguments) {
  CLI::App& command =
      *app.add_subcommand("status", "A running or finished tournament, from another terminal");
  command.add_option("DIR", arguments.dir, "The run directory, or what 'joust submit' made")
      ->required()
      ->type_name(kFolderType);
  command.add_flag("--watch,-w", arguments.watch,
                   "Again and again (every second), until the run has ended");
  command.add_flag("--json", arguments.json, "As JSON");
  command.footer(
      "Exit codes: 0 shown; 1 internal error; 2 bad command line, or a run directory that\n"
      "cannot be worked with; 5 the output could not be written.");
}

void add_plan(CLI::App& app, PlanArguments& arguments) {
  CLI::App& command =
      *app.add_subcommand("plan", "How many worlds a spec makes, and every default used");
  command.add_option("SPEC", arguments.spec, "The tournament's spec file (TOML)")
      ->required()
      ->type_name(kFileType);
  command.add_option("--seed", arguments.seed, "The tournament's seed, instead of the spec's");
  command.add_flag("--json", arguments.json, "As JSON");
  command.footer(
      "Exit codes: 0 planned; 1 internal error; 2 bad command line or spec;\n"
      "5 the output could not be written.");
}

void add_worlds(CLI::App& app, WorldsArguments& arguments) {
  CLI::App& command =
      *app.add_subcommand("worlds", "The worlds, their parameters and competitor types");
  command
      .add_option(
          "NAME", arguments.name,
          "Only this world, with all its parameters; or the file of a plugin (./libmyworld.so)")
      ->type_name(std::string("WORLD|") + kFileType);
  command.add_flag("--json", arguments.json, "As JSON");
  command.footer(
      "Exit codes: 0 told; 1 internal error; 2 bad command line, or there is no such world;\n"
      "5 the output could not be written.");
}

void add_replay(CLI::App& app, ReplayArguments& arguments) {
  CLI::App& command = *app.add_subcommand(
      "replay", "Play one world of a run again, in this process, and compare the result");
  command.add_option("DIR", arguments.dir, "The run directory")->required()->type_name(kFolderType);
  command.add_option("TASK", arguments.task, "The world: its number, or its run id (0042_9f3ab1)")
      ->required();
  command.add_option("--attempt", arguments.attempt,
                     "Which try to play (default: the one that counted, or the last that failed)");
  command
      .add_option("--trace", arguments.trace,
                  "A new or empty folder for tables (CSV) of the world's course; 'joust "
                  "worlds NAME'\nsays which a world writes")
      ->type_name(kFolderType);
  command.footer(
      "Nothing is written but the trace. The world's log goes to standard error. What is\n"
      "recorded of the attempt is told before it is played: there is no isolation and no\n"
      "deadline, so a world that hung may hang again, and one that crashed or exited may end\n"
      "this command in the same way. To see where it does, run this command in a debugger.\n"
      "Exit codes: 0 the world was played to its end now (also where that attempt had failed),\n"
      "and its result is the recorded one or there is none to compare with; 1 internal error;\n"
      "2 bad command line, or a run directory that cannot be worked with; 3 another result than\n"
      "the recorded one, or the world failed now; 5 the trace could not be written.");
}

void add_export(CLI::App& app, ExportArguments& arguments) {
  CLI::App& command = *app.add_subcommand(
      "export", "Write all tables, with the files that 'negmas tournament eval' reads");
  command.add_option("DIR", arguments.dir, "The run directory")->required()->type_name(kFolderType);
  command
      .add_option("--out,-o", arguments.out,
                  "The folder to write to (default: DIR/<name>-stage-0001)")
      ->type_name(kFolderType);
  command.add_flag("--reproducible", arguments.reproducible,
                   "The same bytes every time: 0 for the times that worlds took, and paths\n"
                   "relative to the folder");
  command.footer(
      "Exit codes: 0 written; 1 internal error; 2 bad command line, or a run directory or a\n"
      "folder that cannot be worked with; 5 the tables could not be written.");
}

void add_compare(CLI::App& app, CompareArguments& arguments) {
  CLI::App& command = *app.add_subcommand("compare", "Two or more runs side by side");
  command.add_option("DIR", arguments.dirs, "The run directories; all are compared with the first")
      ->required()
      ->expected(2, -1)
      ->type_name(kFolderType);
  command.add_flag("--json", arguments.json, "As JSON");
  command.add_flag("--exit-code", arguments.exit_code, "Exit with 3 when specs or results differ");
  command.footer(
      "Exit codes: 0 compared; 1 internal error; 2 bad command line, or a run directory that\n"
      "cannot be worked with; 3 with --exit-code: specs or results differ; 5 the output could\n"
      "not be written.");
}

void add_doctor(CLI::App& app, DoctorArguments& arguments) {
  CLI::App& command =
      *app.add_subcommand("doctor", "What this machine has and lacks, and what a run makes of it");
  command
      .add_option("DIR", arguments.dir,
                  "Where runs would be made; it need not exist (default: the current folder)")
      ->type_name(kFolderType);
  command
      .add_option("--workers", arguments.workers,
                  "Worker processes that a run would have (default: one per core)")
      ->check(CLI::Range(1U, spec::kMostWorkers));
  command.add_flag("--json", arguments.json, "As JSON");
  command.footer(
      "Exit codes: 0 a run would work, maybe with warnings; 1 internal error; 2 bad command line;\n"
      "3 something would make a run fail; 5 the output could not be written.");
}

// "--mem $LIMIT --dry-run" is "--mem --dry-run" where LIMIT is not set.
std::string refuse_option(const std::string& value) {
  return value.starts_with('-') ? "'" + value + "' is an option, not its value" : "";
}

void add_slurm_options(CLI::App& command, cluster::SlurmOptions& options) {
  command.add_option("--partition", options.partition, "As sbatch takes it, like the next ones")
      ->check(refuse_option);
  command
      .add_option("--time", options.time,
                  "The time limit of each job. Shortly before, worlds are finished and the\n"
                  "shard goes to the queue again, so it may be much less than the shard takes")
      ->check(refuse_option);
  command.add_option("--mem", options.mem, "Memory of each job")->check(refuse_option);
  command.add_option("--cpus", options.cpus, "Processors of each shard (--cpus-per-task)")
      ->check(refuse_option);
  command.add_option("--account", options.account, "The account that pays")->check(refuse_option);
  command.add_option("--constraint", options.constraint, "Features that nodes must have")
      ->check(refuse_option);
  command.add_option("--qos", options.qos, "The quality of service")->check(refuse_option);
  command
      .add_option("--sbatch", options.more,
                  "Any other option, once for each: --sbatch=--gres=gpu:1")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--max-running", options.max_running, "Shards that may run at once")
      ->check(CLI::Range(1U, kMostShards));
}

void add_submit(CLI::App& app, SubmitArguments& arguments) {
  CLI::App& submit = *app.add_subcommand("submit", "Hand a tournament to a batch system");
  submit.require_subcommand(1);
  CLI::App& command = *submit.add_subcommand(
      "slurm", "As an array of shards, and a job that merges them when all have ended");
  command.add_option("SPEC", arguments.spec, "The tournament's spec file (TOML)")
      ->required()
      ->type_name(kFileType);
  command.add_option("--shards", arguments.shards, "Parts that it is played in, each a job")
      ->required()
      ->check(CLI::Range(1U, kMostShards));
  command
      .add_option("--out,-o", arguments.out,
                  "The folder to make, on a file system that all nodes see\n"
                  "(default: runs/<name>)")
      ->type_name(kFolderType);
  command.add_option("--name", arguments.name, "The tournament's name, instead of the spec's");
  command.add_option("--seed", arguments.seed, "The tournament's seed, instead of the spec's");
  add_slurm_options(command, arguments.options);
  command.add_flag("--dry-run", arguments.dry_run,
                   "Only print the scripts and the commands that would submit them");
  command.footer(
      "A shard whose node fails, or that is preempted, is queued again and goes on where it "
      "stopped.\n"
      "'joust status DIR' shows all of it, 'joust cancel DIR' ends it, 'joust resume DIR' submits\n"
      "again what is not finished, 'joust report DIR' reads the result.\n"
      "Exit codes: 0 submitted (or shown); 1 internal error; 2 bad command line or spec, or Slurm\n"
      "refused; 5 the disk is full.");
}

void add_cancel(CLI::App& app, CancelArguments& arguments) {
  CLI::App& command = *app.add_subcommand("cancel", "Take a submitted tournament out of the queue");
  command.add_option("DIR", arguments.dir, "The folder that 'joust submit' made")
      ->required()
      ->type_name(kFolderType);
  command.footer(
      "Exit codes: 0 cancelled; 1 internal error; 2 bad command line, no folder of 'joust submit', "
      "or\nSlurm refused.");
}

}  // namespace

CommandLine::CommandLine() : app(std::make_unique<CLI::App>(kAbout, "joust")) {
  app->footer(kExitCodes);
  app->set_version_flag("--version", "joust " JOUST_VERSION);
  app->require_subcommand(1);
  add_run(*app, run);
  add_resume(*app, resume);
  add_merge(*app, merge);
  add_report(*app, report);
  add_status(*app, status);
  add_plan(*app, plan);
  add_worlds(*app, worlds);
  add_replay(*app, replay);
  add_export(*app, export_);
  add_compare(*app, compare);
  add_submit(*app, submit);
  add_cancel(*app, cancel);
  add_doctor(*app, doctor);
}

CommandLine::~CommandLine() = default;

void CommandLine::set_program(const std::string& called) {
  if (called.find('/') == std::string::npos) return;
  for (std::string* program :
       {&run.play.program, &resume.play.program, &report.program, &status.program, &export_.program,
        &merge.show.program, &submit.program, &cancel.program}) {
    *program = called;
  }
}

}  // namespace joust::cli
