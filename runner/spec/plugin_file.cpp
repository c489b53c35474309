#include "runner/spec/plugin_file.hpp"

#include <fmt/format.h>

#include "common/whole_file.hpp"
#include "runner/spec/file_record.hpp"

namespace joust::spec {
namespace {

namespace fs = std::filesystem;

std::string given_in(const Section& section) {
  const Entry* entry = section.find("plugin");
  const auto* given = entry != nullptr ? std::get_if<std::string>(&entry->value.value) : nullptr;
  return given != nullptr ? *given : "";
}

}  // namespace

PluginFile find_plugin(const fs::path& library, PluginExaminer::Kind kind,
                       const WorldRegistry& worlds, const PluginExaminer::Allowance& allowance) {
  const PluginExaminer& examiner = examiner_in(worlds);
  std::error_code error;
  const fs::path file = fs::canonical(library, error);
  if (error || !fs::is_regular_file(file, error)) {
    throw PluginError(fmt::format("is not there: there is no file {}", library.string()));
  }
  const std::string path = file.string();
  std::string record = record_of({}, {path});
  if (record.empty()) throw PluginError("cannot be read");
  return {path, examiner.describe(path, kind, allowance), std::move(record)};
}

PluginFile recorded_plugin(const fs::path& inputs, const std::string& description,
                           const std::string& record) {
  PluginFile plugin;
  plugin.description = read_whole_file(inputs / description).value_or("");
  plugin.record = read_whole_file(inputs / record).value_or("");
  const std::vector<std::string> paths = paths_in(plugin.record);
  if (paths.empty()) {
    throw PluginError(
        fmt::format("was recorded, but {} does not say so", (inputs / record).string()));
  }
  plugin.library = paths.front();
  return plugin;
}

const PluginExaminer& examiner_in(const WorldRegistry& worlds) {
  if (worlds.plugin_examiner() != nullptr) return *worlds.plugin_examiner();
  throw PluginError("cannot be used: this program loads no plugins");
}

PluginExaminer::Allowance allowance_of(const Parameters& workers) {
  return {Duration(workers.get<std::int64_t>("start_timeout")),
          workers.get<std::vector<std::string>>("env_allow")};
}

std::string plugin_in(const Section& section) {
  std::string given = given_in(section);
  if (given.empty() || given.find_first_of(std::string_view("\0\n", 2)) != std::string::npos) {
    section.fail_value(*section.find("plugin"), "the path of a shared library");
  }
  return given;
}

void fail_plugin(const Section& section, const std::string& text) {
  section.fail(section.value_at("plugin"),
               fmt::format("{} plugin '{}' {}", section.title(), given_in(section), text));
}

}  // namespace joust::spec
