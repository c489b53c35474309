#pragma once
// What joust's command line can say: every command with its options, and the values that were
// given. The one description of it: runner/manual makes the man pages and the completions from its
// names, type names, validators and footers (the last part of a footer lists exit codes).

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "runner/cli/cancel_command.hpp"
#include "runner/cli/compare_command.hpp"
#include "runner/cli/doctor_command.hpp"
#include "runner/cli/export_command.hpp"
#include "runner/cli/merge_command.hpp"
#include "runner/cli/play_commands.hpp"
#include "runner/cli/replay_command.hpp"
#include "runner/cli/report_commands.hpp"
#include "runner/cli/submit_command.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
}

namespace joust::cli {

// The type names of values that are paths, in the help; a longer name may end with one. Completions
// offer files (and the folders on the way) or folders by them.
inline constexpr const char* kFileType = "FILE";
inline constexpr const char* kFolderType = "FOLDER";

struct PlanArguments {
  std::filesystem::path spec;
  std::optional<std::string> seed;
  bool json = false;
};

struct WorldsArguments {
  std::string name;  // empty: all of them
  bool json = false;
};

// The fields belong to the command of their name, and `app` fills them in when it parses; it throws
// CLI::ParseError for a command line that it cannot take, and for --help and --version.
struct CommandLine {
  std::unique_ptr<CLI::App> app;
  RunArguments run;
  ResumeArguments resume;
  MergeArguments merge;
  ReportArguments report;
  CompareArguments compare;
  StatusArguments status;
  ReplayArguments replay;
  ExportArguments export_;
  PlanArguments plan;
  WorldsArguments worlds;
  SubmitArguments submit;
  CancelArguments cancel;
  DoctorArguments doctor;

  CommandLine();
  CommandLine(const CommandLine&) = delete;  // `app` points into it
  CommandLine& operator=(const CommandLine&) = delete;
  ~CommandLine();

  // How the user calls joust: by its path, or by its name alone. Messages name commands in this
  // way.
  void set_program(const std::string& called);
};

}  // namespace joust::cli
