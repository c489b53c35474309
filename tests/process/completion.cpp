// What the shells and the readers of man pages make of what is made for them.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "runner/cli/command_line.hpp"
#include "runner/manual/completions.hpp"
#include "runner/manual/man_page.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

manual::Program described() {
  const cli::CommandLine line;
  return manual::describe(*line.app);
}

bool is_installed(const std::string& program) { return fs::exists("/usr/bin/" + program); }

Finished call(const std::string& program, const std::vector<std::string>& arguments) {
  JoustOptions options;
  options.program = "/usr/bin/" + program;
  return joust(arguments, options);
}

// What bash offers for the last of the words, in which it has already broken the line; where it
// offers files, the option of compopt that says so.
std::string completed(const std::vector<std::string>& words) {
  const ScratchFolder folder;
  const fs::path script = folder.path() / "drive.sh";
  std::string quoted;
  for (const std::string& word : words) quoted += " '" + word + "'";
  write_text(script, manual::bash_completion(described()) +
                         "compopt() { echo \"$*\"; }\n"
                         "COMP_WORDS=(joust" +
                         quoted +
                         ")\n"
                         "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                         "_joust\n"
                         "echo \"${COMPREPLY[*]}\"\n");
  const Finished finished = call("bash", {"--norc", script.string()});
  CAPTURE(finished.err);
  CHECK(finished.code == 0);
  CHECK(finished.err.empty());
  const std::size_t begin = finished.out.find_first_not_of('\n');
  return begin == std::string::npos
             ? ""
             : finished.out.substr(begin, finished.out.find_last_not_of('\n') + 1 - begin);
}

TEST_CASE("bash completes commands, options, choices, files and folders") {
  CHECK(completed({"rep"}) == "report replay");
  CHECK(has(completed({""}), "run resume merge report"));
  CHECK(completed({"--v"}) == "--version");
  CHECK(completed({"report", "--fo"}) == "--format");
  CHECK(completed({"run", "--n"}) == "--name --no-pin --nice");
  CHECK(completed({"report", "x", "--format", "ma"}) == "markdown");
  CHECK(completed({"report", "x", "--format", ""}) == "html json junit markdown text");
  CHECK(completed({"run", ""}) == "-o default");
  CHECK(completed({"run", "--out", "ru"}) == "-o dirnames");
  CHECK(completed({"run", "-o", "runs/x", "sp"}) == "-o default");
  CHECK(completed({"report", "runs/x", ""}).empty());
  CHECK(completed({"replay", "runs/x", "3", "--trace", ""}) == "-o dirnames");
  CHECK(completed({"replay", "runs/x", ""}).empty());
  CHECK(completed({"compare", "a", "b", "c", ""}) == "-o dirnames");
  CHECK(completed({"run", "--seed", ""}).empty());
  CHECK(completed({"run", "--", "--o"}) == "-o default");
  CHECK(completed({"fly", ""}).empty());
}

TEST_CASE("bash completes behind equal signs and colons, at which it breaks words") {
  CHECK(completed({"report", "--format", "=", "ma"}) == "markdown");
  CHECK(completed({"report", "--format", "="}) == "html json junit markdown text");
  CHECK(completed({"report", "--format", "=", "json", ""}) == "-o dirnames");
  CHECK(completed({"run", "--out", "=", "ru"}) == "-o dirnames");
  CHECK(completed({"run", "--ionice", "best-effort", ":"}) == "0 1 2 3 4 5 6 7");
  CHECK(completed({"run", "--ionice", "best-effort", ":", "7"}) == "7");
  CHECK(completed({"run", "--ionice", "best-effort", ":", "7", ""}) == "-o default");
  CHECK(completed({"run", "--chaos", "kill", "=", "20/s,stop", "=", "2/s", ""}) == "-o default");
}

TEST_CASE("groff formats every page without a warning") {
  if (!is_installed("groff")) {
    MESSAGE("skipped: groff is not installed (apt-get install groff-base)");
    return;
  }
  const ScratchFolder folder;
  const manual::Program program = described();
  std::vector<manual::Command> commands = program.commands;
  commands.push_back(program.self);
  for (const manual::Command& command : commands) {
    const fs::path file = folder.path() / (manual::page_name(program, command) + ".1");
    write_text(file, manual::man_page(program, command));
    const Finished page = call("groff", {"-man", "-Tutf8", "-ww", "-P-cbou", file.string()});
    CHECK(page.code == 0);
    CHECK(page.err == "");
    for (const manual::Argument& option : command.options) {
      CHECK(has(page.out, fmt::format("{}", fmt::join(option.names, ", "))));
    }
  }
}

TEST_CASE("zsh can read its completion") {
  if (!is_installed("zsh")) {
    MESSAGE("skipped: zsh is not installed (apt-get install zsh)");
    return;
  }
  const ScratchFolder folder;
  write_text(folder.path() / "_joust", manual::zsh_completion(described()));
  const Finished read = call("zsh", {"-f", "-n", (folder.path() / "_joust").string()});
  CHECK(read.code == 0);
  CHECK(read.err.empty());
}

TEST_CASE("fish completes commands, options, choices and folders") {
  if (!is_installed("fish")) {
    MESSAGE("skipped: fish is not installed (apt-get install fish)");
    return;
  }
  const ScratchFolder folder;
  fs::create_directories(folder.path() / "home");
  fs::create_directories(folder.path() / "my run");
  write_text(folder.path() / "my file", "");
  const fs::path script = folder.path() / "joust.fish";
  write_text(script, manual::fish_completion(described()));
  JoustOptions options;
  options.program = "/usr/bin/fish";
  options.folder = folder.path();
  options.environment = {{"HOME", (folder.path() / "home").string()}};
  const auto offered = [&](const std::string& line) {
    const Finished finished = joust(
        {"--no-config", "-c", fmt::format("source '{}'; complete -C '{}'", script.string(), line)},
        options);
    CAPTURE(finished.err);
    CHECK(finished.code == 0);
    std::string first_words;  // without the descriptions
    std::istringstream lines(finished.out);
    for (std::string each; std::getline(lines, each);)
      first_words += each.substr(0, each.find('\t')) + '\n';
    return first_words;
  };
  CHECK(offered("joust rep") == "replay\nreport\n");
  CHECK(offered("joust report --fo") == "--format\n");
  CHECK(offered("joust report x --format ma") == "markdown\n");
  CHECK(offered("joust report my") == "my run/\n");
  CHECK(offered("joust run my") == "my file\nmy run/\n");
}

}  // namespace
}  // namespace joust::test
