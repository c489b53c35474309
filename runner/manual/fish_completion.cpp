#include <fmt/format.h>

#include "runner/manual/completions.hpp"

namespace joust::manual {
namespace {

std::string quote(const std::string& text) {
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + '\'';
}

// What is offered for a value; -x: nothing else.
std::string value_of(const Argument& argument, const std::string& exclusive) {
  if (!argument.choices.empty()) {
    return exclusive + " -a " + quote(fmt::format("{}", fmt::join(argument.choices, " ")));
  }
  if (argument.path == PathKind::file) return exclusive.empty() ? " -F" : " -r -F";
  if (argument.path == PathKind::folder) return exclusive + " -a '(__fish_complete_directories)'";
  return exclusive;
}

std::string option_line(const std::string& condition, const Argument& option) {
  std::string line = "complete -c joust -n " + quote(condition);
  for (const std::string& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.value.empty()) line += value_of(option, " -x");
  return line + " -d " + quote(option.text) + '\n';
}

}  // namespace

std::string fish_completion(const Program& program) {
  std::string text =
      "# Completion of joust for fish, made from its command line when it was built.\n\n"
      "function __joust_command --description 'Whether that command of joust is being typed'\n"
      "  set -l tokens (commandline -opc)\n"
      "  test \"$tokens[2]\" = \"$argv[1]\"\n"
      "end\n\n"
      "complete -c joust -f\n";
  for (const Argument& option : program.self.options) {
    text += option_line("__joust_command ''", option);
  }
  for (const Command& command : program.commands) {
    const std::string condition = "__joust_command " + command.name;
    text += fmt::format("\ncomplete -c joust -n \"__joust_command ''\" -a {} -d {}\n", command.name,
                        quote(command.summary));
    for (const Argument& option : command.options) text += option_line(condition, option);
    for (const Argument& argument : command.positionals) {
      if (argument.path == PathKind::none && argument.choices.empty()) continue;
      text += "complete -c joust -n " + quote(condition) + value_of(argument, "") + " -d " +
              quote(argument.text) + '\n';
    }
  }
  return text;
}

}  // namespace joust::manual
