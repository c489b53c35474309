#include "runner/manual/description.hpp"

#include <CLI/CLI.hpp>
#include <regex>

#include "runner/cli/command_line.hpp"

namespace joust::manual {
namespace {

constexpr std::string_view kExitCodes = "Exit codes: ";

// What is in no group is left out of the help, too.
template <typename Shown>
bool is_shown(const Shown* shown) {
  return !shown->get_group().empty();
}

// Lines of the help are broken by hand; a page breaks its own.
std::string one_paragraph(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::vector<std::string> names_of(const CLI::Option& option) {
  if (option.get_positional()) return {option.get_name(true)};
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

PathKind path_kind(const std::string& type) {
  if (type.ends_with(cli::kFileType)) return PathKind::file;
  return type.ends_with(cli::kFolderType) ? PathKind::folder : PathKind::none;
}

// The library appends to the type's name what its validators say: TEXT:{a,b}, UINT:UINT in [0 - 9].
void read_type(const std::string& type, Argument& argument) {
  const std::size_t colon = std::min(type.find(':'), type.size());
  argument.value = type.substr(0, colon);
  argument.path = path_kind(argument.value);
  if (colon == type.size()) return;
  const std::string limit = type.substr(colon + 1);
  if (limit.starts_with('{') && limit.ends_with('}')) {
    argument.choices = CLI::detail::split(limit.substr(1, limit.size() - 2), ',');
  } else {
    argument.limit = limit;
  }
}

Argument describe(const CLI::Option& option) {
  Argument argument;
  argument.names = names_of(option);
  argument.text = one_paragraph(option.get_description());
  if (argument.text.empty()) {
    throw std::runtime_error("'" + argument.names.front() + "' has no description");
  }
  if (option.get_items_expected_max() > 0) read_type(option.get_type_name(), argument);
  for (const CLI::Option* other : option.get_excludes()) {
    argument.excludes.push_back(names_of(*other).front());
  }
  argument.required = option.get_required();
  argument.repeats = option.get_expected_max() > 1;
  return argument;
}

// "0 all is well; 2 it is not; or so." after the words that begin the list.
std::vector<ExitCode> read_exit_codes(const std::string& list) {
  static const std::regex code("([0-9][0-9/]*) (.*?)(?:; (?=[0-9])|\\.$)");
  std::vector<ExitCode> codes;
  std::size_t end = 0;
  for (std::sregex_iterator at(list.begin(), list.end(), code), none; at != none; ++at) {
    if (static_cast<std::size_t>(at->position()) != end) break;
    codes.push_back({(*at)[1], (*at)[2]});
    end += static_cast<std::size_t>(at->length());
  }
  if (end != list.size()) throw std::runtime_error("these are no exit codes: '" + list + "'");
  return codes;
}

void read_footer(const std::string& footer, Command& command) {
  const std::string text = one_paragraph(footer);
  const std::size_t codes = text.find(kExitCodes);
  const std::string notes = CLI::detail::trim_copy(text.substr(0, codes));
  if (!notes.empty()) command.notes.push_back(notes);
  if (codes == std::string::npos) {
    throw std::runtime_error("the footer of '" + command.name + "' names no exit codes");
  }
  command.exit_codes = read_exit_codes(text.substr(codes + kExitCodes.size()));
}

Command describe_command(const CLI::App& app) {
  Command command;
  command.name = app.get_name();
  command.summary = one_paragraph(app.get_description());
  if (command.summary.empty()) throw std::runtime_error(command.name + " has no description");
  read_footer(app.get_footer(), command);
  for (const CLI::Option* option : app.get_options(is_shown<CLI::Option>)) {
    (option->get_positional() ? command.positionals : command.options).push_back(describe(*option));
  }
  return command;
}

}  // namespace

Program describe(const CLI::App& app) {
  Program program{describe_command(app), {}};
  for (const CLI::App* command : app.get_subcommands(is_shown<CLI::App>)) {
    program.commands.push_back(describe_command(*command));
  }
  return program;
}

}  // namespace joust::manual
