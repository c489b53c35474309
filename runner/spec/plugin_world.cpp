#include "runner/spec/plugin_world.hpp"

#include <fmt/format.h>

#include "common/whole_file.hpp"
#include "common/world_description.hpp"
#include "runner/spec/file_record.hpp"

namespace joust::spec {
namespace {

namespace fs = std::filesystem;

// Beside the spec in a run directory: what the plugin declared.
constexpr const char* kDescriptionInput = "world.plugin";

const PluginExaminer& examiner_in(const WorldRegistry& worlds) {
  if (worlds.plugin_examiner() != nullptr) return *worlds.plugin_examiner();
  throw PluginError("cannot be used: this program loads no plugins");
}

std::string given_in(const Section& section) {
  const Entry* entry = section.find("plugin");
  const auto* given = entry != nullptr ? std::get_if<std::string>(&entry->value.value) : nullptr;
  return given != nullptr ? *given : "";
}

[[noreturn]] void fail(const Section& section, const std::string& text) {
  section.fail(section.value_at("plugin"),
               fmt::format("{} plugin '{}' {}", section.title(), given_in(section), text));
}

Plugin find_plugin(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                   const InputFiles& files) {
  const std::string given = given_in(section);
  if (given.empty() || given.find_first_of(std::string_view("\0\n", 2)) != std::string::npos) {
    section.fail_value(*section.find("plugin"), "the path of a shared library");
  }
  try {
    return describe_plugin(files.folder / given, worlds, allowance_of(workers));
  } catch (const PluginError& error) {
    fail(section, error.what());
  }
}

Plugin recorded_plugin(const Section& section, const fs::path& inputs) {
  const auto read = [&inputs](const char* name) {
    return read_whole_file(inputs / name).value_or("");
  };
  Plugin plugin;
  const std::vector<std::string> paths = paths_in(read(kWorldFiles));
  if (!paths.empty()) plugin.library = paths.front();
  plugin.description = read(kDescriptionInput);
  try {
    plugin.type = decode_world_type(plugin.description);
  } catch (const std::runtime_error& error) {
    fail(section, fmt::format("was recorded in {}, but {}", (inputs / kDescriptionInput).string(),
                              error.what()));
  }
  return plugin;
}

}  // namespace

PluginExaminer::Allowance allowance_of(const Parameters& workers) {
  return {Duration(workers.get<std::int64_t>("start_timeout")),
          workers.get<std::vector<std::string>>("env_allow")};
}

Plugin describe_plugin(const fs::path& library, const WorldRegistry& worlds,
                       const PluginExaminer::Allowance& allowance) {
  const PluginExaminer& examiner = examiner_in(worlds);
  std::error_code error;
  const fs::path file = fs::canonical(library, error);
  if (error || !fs::is_regular_file(file, error)) {
    throw PluginError(fmt::format("is not there: there is no file {}", library.string()));
  }
  Plugin plugin{file.string(), examiner.describe(file.string(), allowance), {}};
  try {
    plugin.type = decode_world_type(plugin.description);
  } catch (const std::runtime_error& bad) {
    throw PluginError(fmt::format("cannot be described: {}", bad.what()));
  }
  return plugin;
}

Plugin load_plugin(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                   InputFiles& files, Resolved& world) {
  Plugin plugin = files.recorded ? recorded_plugin(section, *files.recorded)
                                 : find_plugin(section, workers, worlds, files);
  const std::string record = files.recorded
                                 ? read_whole_file(*files.recorded / kWorldFiles).value_or("")
                                 : record_of({}, {plugin.library});
  if (record.empty()) fail(section, "cannot be read");
  files.contents[kWorldFiles] = record;
  files.contents[kDescriptionInput] = plugin.description;
  world.keys.push_back({"world.name", fmt::format("\"{}\"", plugin.type.name), false, true,
                        "as the plugin declares"});
  world.keys.push_back(
      {"world.files", record.substr(0, record.find(' ')), false, true, plugin.library});
  return plugin;
}

void check_plugin(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                  const Tournament& tournament) {
  try {
    examiner_in(worlds).check(encode_brief({tournament.shape, tournament.setup}),
                              allowance_of(workers));
  } catch (const PluginError& error) {
    fail(section, error.what());
  }
}

}  // namespace joust::spec
