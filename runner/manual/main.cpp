// joust-manual FOLDER: writes the man pages and the completions of joust there, in folders as they
// are in share/. A program of the build; it is not installed.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "runner/cli/command_line.hpp"
#include "runner/manual/completions.hpp"
#include "runner/manual/man_page.hpp"

namespace {

namespace fs = std::filesystem;
using namespace joust;  // NOLINT(google-build-using-namespace)

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write '" + file.string() + "'");
}

void write_all(const fs::path& folder) {
  const cli::CommandLine line;
  const manual::Program program = manual::describe(*line.app);
  const fs::path pages = folder / "man" / "man1";
  write(pages / (program.self.name + ".1"), manual::man_page(program, program.self));
  for (const manual::Command& command : program.commands) {
    write(pages / (manual::page_name(program, command) + ".1"), manual::man_page(program, command));
  }
  write(folder / "bash-completion" / "completions" / "joust", manual::bash_completion(program));
  write(folder / "zsh" / "vendor-completions" / "_joust", manual::zsh_completion(program));
  write(folder / "fish" / "vendor_completions.d" / "joust.fish", manual::fish_completion(program));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "joust-manual: give it one folder to write to\n");
    return 2;
  }
  try {
    write_all(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "joust-manual: {}\n", error.what());
    return 1;
  }
}
