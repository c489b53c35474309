#include "runner/cli/cli.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "runner/cli/bad_input.hpp"
#include "runner/cli/command_line.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/cli/open_run.hpp"
#include "runner/cli/plan_command.hpp"
#include "runner/cli/worlds_command.hpp"
#include "runner/os/supervisor.hpp"

namespace joust::cli {
namespace {

int plan_spec(const PlanArguments& arguments, const WorldRegistry& worlds) {
  try {
    spec::Overrides overrides;
    overrides.seed = arguments.seed;
    const spec::LoadedSpec spec = spec::load(arguments.spec, worlds, overrides);
    tell_warnings(spec);
    return plan_command(spec, see_machine(), arguments.json, std::cout);
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  }
}

int dispatch(const CommandLine& line, const WorldRegistry& worlds) {
  const bool blocks_signals = line.app->got_subcommand("run") ||
                              line.app->got_subcommand("resume") ||
                              line.app->got_subcommand("submit");
  if (blocks_signals) os::block_supervisor_signals();  // the others end by them, as everybody does
  if (line.app->got_subcommand("run")) return run_command(line.run, worlds);
  if (line.app->got_subcommand("resume")) return resume_command(line.resume, worlds);
  if (line.app->got_subcommand("merge")) return merge_command(line.merge, worlds);
  if (line.app->got_subcommand("report")) return report_command(line.report, worlds);
  if (line.app->got_subcommand("replay")) return replay_command(line.replay, worlds);
  if (line.app->got_subcommand("compare")) {
    return compare_command(line.compare, worlds, std::cout);
  }
  if (line.app->got_subcommand("status")) return status_command(line.status);
  if (line.app->got_subcommand("export")) return export_command(line.export_, worlds);
  if (line.app->got_subcommand("submit")) return submit_command(line.submit, worlds);
  if (line.app->got_subcommand("cancel")) return cancel_command(line.cancel);
  if (line.app->got_subcommand("plan")) return plan_spec(line.plan, worlds);
  if (line.app->got_subcommand("doctor")) return doctor_command(line.doctor);
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

// "--name=" with nothing behind it: CLI11 would take the next word for the value.
const char* option_without_value(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") break;
    if (word.starts_with("--") && word.find('=') == word.size() - 1) return argv[i];
  }
  return nullptr;
}

}  // namespace

int main(int argc, char** argv, const WorldRegistry& worlds) {
  if (const char* option = option_without_value(argc, argv)) {
    return bad_input(
        fmt::format("{}: the value is empty; give one, or leave the option out", option));
  }
  CommandLine line;
  line.set_program(argc > 0 ? argv[0] : "");
  try {
    line.app->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return answer(*line.app, error, argc == 1);
  }
  try {
    return check_output(dispatch(line, worlds));
  } catch (const std::exception& error) {
    fmt::print(stderr, "joust: internal error: {}\n", error.what());
    return kInternalError;
  }
}

}  // namespace joust::cli
