#include <fmt/format.h>

#include "runner/manual/completions.hpp"

namespace joust::manual {
namespace {

// Bash breaks words at colons and equal signs, too, and replaces only what follows the last of
// them.
constexpr const char* kProgram = R"bash(
_joust() {
  COMPREPLY=()
  local -a words=()
  local i word joins=
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == = && ${#words[@]} -gt 0 && ${words[-1]} == --* && ${words[-1]} != *=* ]]; then
      [[ $i -eq $COMP_CWORD ]] && words+=('')
    elif [[ $word == [:=] && ${#words[@]} -gt 0 ]]; then
      words[-1]+=$word
      joins=1
    elif [[ $joins ]]; then
      words[-1]+=$word
      joins=
    else
      words+=("$word")
    fi
  done
  local current=${words[-1]}
  unset 'words[-1]'

  # what the word is to be: file, folder, any, words (then one of values), or nothing
  local kind= values= command= place=0 no_options=
  for word in "${words[@]}"; do
    if [[ $kind ]]; then
      kind=
    elif [[ $word == -- ]]; then
      no_options=1
    elif [[ $word == -* && ! $no_options ]]; then
      _joust_value
    elif [[ ! $command ]]; then
      command=$word
    else
      place=$((place + 1))
    fi
  done
  if [[ ! $kind ]]; then
    if [[ $current == -* && ! $no_options ]]; then
      kind=words
      _joust_options
    else
      _joust_place
    fi
  fi

  case $kind in
    file) compopt -o default ;;
    folder) compopt -o dirnames ;;
    words)
      mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
      [[ $COMP_WORDBREAKS == *:* ]] && COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*:}"}"}")
      ;;
  esac
}

complete -F _joust joust
)bash";

std::string list_of(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

// What is set where a value is asked for.
std::string kind_of(const Argument& argument) {
  if (!argument.choices.empty()) {
    return fmt::format("kind=words values='{}'", list_of(argument.choices));
  }
  switch (argument.path) {
    case PathKind::file:
      return "kind=file";
    case PathKind::folder:
      return "kind=folder";
    case PathKind::none:
      break;
  }
  return "kind=any";
}

// One entry per option with a value.
std::string value_cases(const std::string& command, const std::vector<Argument>& options) {
  std::string cases;
  for (const Argument& option : options) {
    if (option.value.empty()) continue;
    std::string pattern;
    for (const std::string& name : option.names) {
      pattern += fmt::format("{}'{} {}'", pattern.empty() ? "" : " | ", command, name);
    }
    cases += fmt::format("    {}) {} ;;\n", pattern, kind_of(option));
  }
  return cases;
}

std::string option_case(const std::string& command, const std::vector<Argument>& options) {
  std::vector<std::string> names;
  for (const Argument& option : options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return fmt::format("    '{}') values='{}' ;;\n", command, list_of(names));
}

std::string place_cases(const Command& command) {
  std::string cases;
  for (std::size_t place = 0; place < command.positionals.size(); ++place) {
    const Argument& argument = command.positionals[place];
    cases += fmt::format("    '{} '{}) {} ;;\n", command.name,
                         argument.repeats ? "*" : std::to_string(place), kind_of(argument));
  }
  return cases;
}

std::string switch_on(const std::string& name, const std::string& subject,
                      const std::string& cases) {
  return fmt::format("\n{}() {{\n  case \"{}\" in\n{}  esac\n}}\n", name, subject, cases);
}

}  // namespace

std::string bash_completion(const Program& program) {
  std::vector<std::string> commands;
  std::string values = value_cases("", program.self.options);
  std::string options = option_case("", program.self.options);
  std::string places;
  for (const Command& command : program.commands) {
    commands.push_back(command.name);
    values += value_cases(command.name, command.options);
    options += option_case(command.name, command.options);
    places += place_cases(command);
  }
  places = fmt::format("    ' 0') kind=words values='{}' ;;\n", list_of(commands)) + places;
  return "# Completion of joust for bash, made from its command line when it was built.\n"
         "# The functions set variables of _joust.\n" +
         switch_on("_joust_value", "$command $word", values) +
         switch_on("_joust_options", "$command", options) +
         switch_on("_joust_place", "$command $place", places) + kProgram;
}

}  // namespace joust::manual
