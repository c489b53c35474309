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

std::string lines_of(const Command& command) {
  const std::string condition =
      (command.commands.empty() ? "__joust_in " : "__joust_at ") + command.path;
  std::string text = "\n";
  for (const Argument& option : command.options) text += option_line(condition, option);
  for (const Command& next : command.commands) {
    text += "complete -c joust -n " + quote(condition) + " -a " +
            next.path.substr(command.path.size() + 1) + " -d " + quote(next.summary) + '\n';
  }
  for (const Argument& argument : command.positionals) {
    if (argument.path == PathKind::none && argument.choices.empty()) continue;
    text += "complete -c joust -n " + quote(condition) + value_of(argument, "") + " -d " +
            quote(argument.text) + '\n';
  }
  return text;
}

}  // namespace

std::string fish_completion(const Command& program) {
  std::string text =
      "# Completion of joust for fish, made from its command line when it was built.\n\n"
      "function __joust_at --description 'Whether just these words have been typed'\n"
      "  set -l words (commandline -opc)\n"
      "  test \"$words[2..]\" = \"$argv[2..]\"\n"
      "end\n\n"
      "function __joust_in --description 'Whether these words have been typed, and maybe more'\n"
      "  set -l words (commandline -opc)\n"
      "  string match -q -- \"$argv[2..] *\" \"$words[2..] \"\n"
      "end\n\n"
      "complete -c joust -f\n";
  for (const Command* command : with_all_below(program)) text += lines_of(*command);
  return text;
}

}  // namespace joust::manual
