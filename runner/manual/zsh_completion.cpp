#include <fmt/format.h>

#include <algorithm>

#include "runner/manual/completions.hpp"

namespace joust::manual {
namespace {

// Within single quotes, and within the brackets and between the colons of _arguments.
std::string escape(const std::string& text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '\'') {
      escaped += "'\\''";
      continue;
    }
    if (letter == '\\' || letter == '[' || letter == ']' || letter == ':') escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

// What a value is called, and what completes it.
std::string value_of(const Argument& argument, const std::string& name) {
  std::string action = " ";
  if (!argument.choices.empty()) {
    action = fmt::format("({})", escape(fmt::format("{}", fmt::join(argument.choices, " "))));
  } else if (argument.path == PathKind::file) {
    action = "_files";
  } else if (argument.path == PathKind::folder) {
    action = "_files -/";
  }
  return fmt::format(":{}:{}", escape(name), action);
}

// One line for each name; all of them leave each other out, and what does not go with them.
std::string option_lines(const Argument& option) {
  std::string lines;
  for (const std::string& name : option.names) {
    const bool is_long = name.starts_with("--");
    const char* joins = option.value.empty() ? "" : is_long ? "=" : "+";
    lines += fmt::format("        '({}{}{}){}{}[{}]{}' \\\n", fmt::join(option.names, " "),
                         option.excludes.empty() ? "" : " ", fmt::join(option.excludes, " "), name,
                         joins, escape(option.text),
                         option.value.empty() ? "" : value_of(option, option.value));
  }
  return lines;
}

std::string argument_lines(const Command& command) {
  std::string lines;
  for (const Argument& option : command.options) lines += option_lines(option);
  for (std::size_t place = 0; place < command.positionals.size(); ++place) {
    const Argument& argument = command.positionals[place];
    const std::string where =
        argument.repeats ? "*" : fmt::format("{}{}", place + 1, argument.required ? "" : ":");
    lines += "        '" + where + value_of(argument, argument.names.front()) + "' \\\n";
  }
  return lines;
}

std::string function_name(const Command& command) {
  std::string name = "_" + command.path;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

// Completes what follows the command; its own commands by their functions.
std::string function(const Command& command) {
  const std::string name = function_name(command);
  if (command.commands.empty()) {
    return fmt::format("\n{}() {{\n  _arguments -s \\\n{}        && return 0\n}}\n", name,
                       argument_lines(command));
  }
  std::string names;
  for (const Command& next : command.commands) {
    names += fmt::format("    '{}:{}'\n", next.path.substr(command.path.size() + 1),
                         escape(next.summary));
  }
  return fmt::format(
      "\n{}() {{\n"
      "  local curcontext=$curcontext state line ret=1\n"
      "  typeset -A opt_args\n"
      "  local -a commands=(\n{}  )\n"
      "  _arguments -C \\\n{}"
      "        '1: :->command' \\\n"
      "        '*:: :->arguments' \\\n"
      "        && ret=0\n"
      "  case $state in\n"
      "    command) _describe -t commands 'command of {}' commands && ret=0 ;;\n"
      "    arguments) _call_function ret {}_$line[1] ;;\n"
      "  esac\n"
      "  return ret\n"
      "}}\n",
      name, names, argument_lines(command), command.path, name);
}

}  // namespace

std::string zsh_completion(const Command& program) {
  std::string text =
      "#compdef joust\n"
      "# Completion of joust for zsh, made from its command line when it was built.\n";
  for (const Command* command : with_all_below(program)) text += function(*command);
  return text + "\n_joust \"$@\"\n";
}

}  // namespace joust::manual
