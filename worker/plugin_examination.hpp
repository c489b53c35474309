#pragma once
// Looking at a plugin in this process, which may not outlive it (common/plugin_examiner.hpp). What
// is found goes to descriptor 3 (common/plugin_report.hpp).

#include <string>
#include <string_view>

namespace joust::worker {

// Loads the library and tells what it declares; `kind`: PluginExaminer::Kind, by name. Returns the
// exit code.
int describe_plugin(std::string_view kind, const std::string& library);

// Makes and destroys a world, with its agents, of the brief that standard input holds. Returns the
// exit code.
int check_plugin();

}  // namespace joust::worker
