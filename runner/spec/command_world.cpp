#include "runner/spec/command_world.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "common/environment.hpp"
#include "common/hash.hpp"
#include "common/whole_file.hpp"
#include "runner/spec/file_record.hpp"

namespace joust::spec {
namespace {

namespace fs = std::filesystem;

// Beside the spec in a run directory: what the spec's own text does not say.
constexpr const char* kFolderInput = "world.folder";

bool is_program(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

// Where a program that the spec does not place is looked for.
bool is_on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (is_program(fs::path(folder) / program)) return true;
  }
  return false;
}

void require_program(const Section& section, const CommandSetup& setup) {
  const std::string& program = setup.command.front();
  const bool is_placed = program.find('/') != std::string::npos;
  const bool is_there =
      is_placed ? is_program(fs::path(setup.folder) / program) : is_on_path(program);
  if (is_there) return;
  section.fail(section.value_at("command"),
               fmt::format("'command' in {}: there is no program '{}' {}", section.title(), program,
                           is_placed ? "in " + setup.folder : "in the folders of PATH"));
}

std::string read_recorded(const InputFiles& files, const char* name) {
  return read_whole_file(*files.recorded / name).value_or("");
}

std::string folder_of(const Section& section, const std::string& given, const InputFiles& files) {
  if (files.recorded) return read_recorded(files, kFolderInput);
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
std::vector<std::string> read_environment(const Section& section, Resolved& world) {
  std::vector<std::string> variables;
  const Section table = section.child("env", "[world] env");
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
  world.keys.push_back(
      {"world.env", to_text(list, variables), variables.empty(), true, "variables of the program"});
  return variables;
}

void check_command(const Section& section, const std::vector<std::string>& command) {
  const bool has_nul = std::any_of(command.begin(), command.end(), [](const std::string& word) {
    return word.find('\0') != std::string::npos;
  });
  if (!command.empty() && !command.front().empty() && !has_nul) return;
  section.fail(section.value_at("command"),
               fmt::format("'command' in {} must begin with a program: [\"python3\", "
                           "\"my_world.py\"]",
                           section.title()));
}

// A key that would have no effect is a mistake.
void reject_idle_keys(const Section& section, bool one_shot) {
  const std::vector<const char*> idle =
      one_shot ? std::vector<const char*>{"max_worlds_per_process", "memory_limit"}
               : std::vector<const char*>{"scores", "score_regex"};
  for (const char* key : idle) {
    const Entry* entry = section.find(key);
    if (entry == nullptr) continue;
    section.fail(entry->at, fmt::format("'{}' in {} goes with one_shot = {} only", key,
                                        section.title(), one_shot ? "false" : "true"));
  }
}

void append_json(std::string& out, const Section& section, const Node& node);

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

struct JsonAppender {
  std::string& out;
  const Section& section;
  Position at;

  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { out += std::to_string(value); }
  void operator()(double value) const {
    if (!std::isfinite(value))
      section.fail(at, "JSON, which it is passed on as, has no nan or inf");
    out += fmt::format("{}", value);
  }
  void operator()(const std::string& value) const { append_json_text(out, value); }
  void operator()(const DateOrTime&) const {
    section.fail(at, "JSON, which it is passed on as, has no dates: write a text in quotes");
  }
  void operator()(const Array& items) const {
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out += ',';
      append_json(out, section, items[i]);
    }
    out += ']';
  }
  void operator()(const Table& entries) const {
    out += '{';
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i > 0) out += ',';
      append_json_text(out, entries[i].key);
      out += ':';
      append_json(out, section, entries[i].value);
    }
    out += '}';
  }
};

void append_json(std::string& out, const Section& section, const Node& node) {
  std::visit(JsonAppender{out, section, node.at}, node.value);
}

}  // namespace

CommandSetup load_command(const Section& section, const Parameters& workers, InputFiles& files,
                          Resolved& world) {
  const Parameters& values = world.values;
  CommandSetup setup;
  setup.command = values.get<std::vector<std::string>>("command");
  check_command(section, setup.command);
  setup.folder = folder_of(section, values.get<std::string>("cwd"), files);
  setup.environment = read_environment(section, world);
  setup.env_allow = workers.get<std::vector<std::string>>("env_allow");
  setup.one_shot = values.get<bool>("one_shot");
  setup.scores = values.get<std::string>("scores");
  setup.score_regex = values.get<std::string>("score_regex");
  setup.max_worlds_per_process =
      static_cast<std::uint64_t>(values.get<std::int64_t>("max_worlds_per_process"));
  setup.memory_limit = static_cast<std::uint64_t>(values.get<std::int64_t>("memory_limit"));
  setup.start_timeout = Duration(workers.get<std::int64_t>("start_timeout"));
  setup.max_message = static_cast<std::uint64_t>(workers.get<std::int64_t>("max_result"));

  reject_idle_keys(section, setup.one_shot);
  if (!files.recorded) require_program(section, setup);
  const std::string hashes =
      files.recorded ? read_recorded(files, kWorldFiles) : record_of(setup.folder, setup.command);
  files.contents[kFolderInput] = setup.folder;
  files.contents[kWorldFiles] = hashes;
  world.keys.push_back(
      {"world.files", hash_hex(hashes), false, true, "of the files that the command names"});
  return setup;
}

Resolved read_open_parameters(const Section& section, const std::string& prefix) {
  Resolved resolved;
  for (const Entry& entry : section.table()) {
    std::string json;
    append_json(json, section, entry.value);
    resolved.keys.push_back({prefix + entry.key, json, false, true, ""});
    resolved.values.set(entry.key, JsonText{std::move(json)});
  }
  return resolved;
}

}  // namespace joust::spec
