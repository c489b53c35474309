#include "runner/spec/plugin_world.hpp"

#include <fmt/format.h>

#include "common/world_description.hpp"
#include "runner/spec/file_record.hpp"
#include "runner/spec/plugin_file.hpp"

namespace joust::spec {
namespace {

// Beside the spec in a run directory: what the plugin declared.
constexpr const char* kDescriptionInput = "world.plugin";

PluginFile file_of(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                   const InputFiles& files) {
  try {
    if (files.recorded) return recorded_plugin(*files.recorded, kDescriptionInput, kWorldFiles);
    const std::string given = plugin_in(section);
    return find_plugin(files.folder / given, PluginExaminer::Kind::world, worlds,
                       allowance_of(workers));
  } catch (const PluginError& error) {
    fail_plugin(section, error.what());
  }
}

}  // namespace

Plugin load_plugin(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                   InputFiles& files, Resolved& world) {
  PluginFile file = file_of(section, workers, worlds, files);
  Plugin plugin;
  try {
    plugin.type = decode_world_type(file.description);
  } catch (const std::runtime_error& error) {
    fail_plugin(section,
                files.recorded
                    ? fmt::format("was recorded in {}, but {}",
                                  (*files.recorded / kDescriptionInput).string(), error.what())
                    : fmt::format("cannot be described: {}", error.what()));
  }
  plugin.library = file.library;
  world.keys.push_back({"world.name", fmt::format("\"{}\"", plugin.type.name), false, true,
                        "as the plugin declares"});
  world.keys.push_back(
      {"world.files", file.record.substr(0, file.record.find(' ')), false, true, plugin.library});
  files.contents[kWorldFiles] = std::move(file.record);
  files.contents[kDescriptionInput] = std::move(file.description);
  return plugin;
}

void check_plugin(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                  const Tournament& tournament) {
  try {
    examiner_in(worlds).check(encode_brief({tournament.shape, tournament.setup}),
                              allowance_of(workers));
  } catch (const PluginError& error) {
    fail_plugin(section, error.what());
  }
}

}  // namespace joust::spec
