#include <fmt/format.h>

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

std::string argument_lines(const std::vector<Argument>& options,
                           const std::vector<Argument>& positionals) {
  std::string lines;
  for (const Argument& option : options) lines += option_lines(option);
  for (std::size_t place = 0; place < positionals.size(); ++place) {
    const Argument& argument = positionals[place];
    lines += fmt::format(
        "        '{}{}' \\\n",
        argument.repeats ? "*" : fmt::format("{}{}", place + 1, argument.required ? "" : ":"),
        value_of(argument, argument.names.front()));
  }
  return lines;
}

}  // namespace

std::string zsh_completion(const Program& program) {
  std::string commands;
  std::string cases;
  for (const Command& command : program.commands) {
    commands += fmt::format("    '{}:{}'\n", command.name, escape(command.summary));
    cases += fmt::format("    {})\n      _arguments -s \\\n{}        && ret=0\n      ;;\n",
                         command.name, argument_lines(command.options, command.positionals));
  }
  return fmt::format(
      "#compdef joust\n"
      "# Completion of joust for zsh, made from its command line when it was built.\n\n"
      "_joust() {{\n"
      "  local curcontext=$curcontext state line ret=1\n"
      "  typeset -A opt_args\n"
      "  local -a commands=(\n{}  )\n"
      "  _arguments -C \\\n{}"
      "        '1: :->command' \\\n"
      "        '*:: :->arguments' \\\n"
      "        && ret=0\n"
      "  [[ $state == command ]] && _describe -t commands 'command of joust' commands && ret=0\n"
      "  [[ $state == arguments ]] && case $line[1] in\n{}  esac\n"
      "  return ret\n"
      "}}\n\n"
      "_joust \"$@\"\n",
      commands, argument_lines(program.self.options, {}), cases);
}

}  // namespace joust::manual
