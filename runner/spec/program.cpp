#include "runner/spec/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "common/hash.hpp"
#include "common/whole_file.hpp"
#include "runner/machine/programs.hpp"
#include "runner/spec/file_record.hpp"

namespace joust::spec {
namespace {

namespace fs = std::filesystem;

// Beside the spec in a run directory: what the spec's own text does not say.
constexpr const char* kFolderInput = "folder";
constexpr const char* kFilesInput = "files";

void require_program(const Section& section, const CommandSetup& setup) {
  const std::string& program = setup.command.front();
  const bool is_placed = program.find('/') != std::string::npos;
  const bool is_there = is_placed ? machine::is_program(fs::path(setup.folder) / program)
                                  : !machine::find_in_path(program).empty();
  if (is_there) return;
  section.fail(section.value_at("command"),
               fmt::format("'command' in {}: there is no program '{}' {}", section.title(), program,
                           is_placed ? "in " + setup.folder : "in the folders of PATH"));
}

std::string read_recorded(const InputFiles& files, const std::string& name) {
  return read_whole_file(*files.recorded / name).value_or("");
}

std::string folder_of(const Section& section, const std::string& prefix, const std::string& given,
                      const InputFiles& files) {
  if (files.recorded) return read_recorded(files, prefix + kFolderInput);
  std::error_code error;
  const fs::path folder = fs::canonical(files.folder / given, error);
  if (!error && fs::is_directory(folder, error)) return folder.string();
  section.fail(section.value_at("cwd"),
               fmt::format("'cwd' in {}: there is no folder {}", section.title(),
                           (files.folder / given).string()));
}

bool is_variable_name(std::string_view name) {
  return !name.empty() && name.find_first_of(std::string_view("=\0", 2)) == std::string_view::npos;
}

// `env`: a table of texts, in the order of their names.
std::vector<std::string> read_environment(const Section& section, const std::string& prefix,
                                          Resolved& into) {
  std::vector<std::string> variables;
  const Section table = section.child("env", section.title() + " env");
  for (const Entry& entry : table.table()) {
    const auto* text = std::get_if<std::string>(&entry.value.value);
    if (text == nullptr || text->find('\0') != std::string::npos) {
      table.fail_value(entry, "a text in quotes");
    }
    if (!is_variable_name(entry.key)) {
      table.fail(entry.at, fmt::format("'{}' cannot name a variable", entry.key));
    }
    if (entry.key.starts_with("JOUST_")) {
      table.fail(entry.at, fmt::format("'{}': joust itself sets the variables JOUST_*", entry.key));
    }
    variables.push_back(entry.key + "=" + *text);
  }
  std::sort(variables.begin(), variables.end());
  ParameterInfo list;
  list.kind = ParameterKind::text_list;
  into.keys.push_back({prefix + "env", to_text(list, variables), variables.empty(), true,
                       "variables of the program"});
  return variables;
}

void check_command(const Section& section, const std::vector<std::string>& command) {
  const bool has_nul = std::any_of(command.begin(), command.end(), [](const std::string& word) {
    return word.find('\0') != std::string::npos;
  });
  if (!command.empty() && !command.front().empty() && !has_nul) return;
  section.fail(section.value_at("command"),
               fmt::format("'command' in {} must begin with a program: [\"python3\", "
                           "\"my_program.py\"]",
                           section.title()));
}

}  // namespace

CommandSetup place_program(const Section& section, const std::string& prefix,
                           const InputFiles& files, Resolved& into) {
  CommandSetup setup;
  setup.command = into.values.get<std::vector<std::string>>("command");
  check_command(section, setup.command);
  setup.folder = folder_of(section, prefix, into.values.get<std::string>("cwd"), files);
  setup.environment = read_environment(section, prefix, into);
  return setup;
}

void record_program(const Section& section, const std::string& prefix, const CommandSetup& setup,
                    InputFiles& files, Resolved& into) {
  if (!files.recorded) require_program(section, setup);
  const std::string hashes = files.recorded ? read_recorded(files, prefix + kFilesInput)
                                            : record_of(setup.folder, setup.command);
  files.contents[prefix + kFolderInput] = setup.folder;
  files.contents[prefix + kFilesInput] = hashes;
  into.keys.push_back(
      {prefix + "files", hash_hex(hashes), false, true, "of the files that the command names"});
}

std::vector<std::string> changed_program(const CommandSetup& setup, const std::string& prefix,
                                         const std::filesystem::path& inputs) {
  const auto recorded = read_whole_file(inputs / (prefix + kFilesInput));
  return changed_since(recorded.value_or(""), setup.folder);
}

}  // namespace joust::spec
