#pragma once
// What a [[competitor]] says of the process that it plays in.

#include <filesystem>
#include <string>
#include <vector>

#include "common/agent_setup.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

// The keys of a competitor that are about its process, without `env`.
std::vector<KeyInfo> agent_keys();

// The names of all of them.
std::vector<std::string> agent_key_names();

// Whether the section names a program of its own, which needs no type.
bool has_own_program(const Section& section);

// Reads them; the keys of what is in effect go to `into`. `section` has the competitor's name in
// its prefix, `prefix` is the same as text. Throws SpecError where a key would have no effect, or
// the world cannot host such agents.
AgentSetup load_agent(const Section& section, const std::string& prefix, const WorldType& world,
                      InputFiles& files, Resolved& into);

// The part that [workers] says: which variables programs inherit, and how long they may take to
// start.
void apply_workers(const Parameters& workers, std::vector<Competitor>& competitors);

// A warning for a move_deadline that never comes because the world's come first; empty: none.
std::string move_deadline_warning(const Tournament& tournament);

// The paths of files that competitors' commands name and that are not what was recorded.
std::vector<std::string> changed_agents(const std::vector<Competitor>& competitors,
                                        const std::filesystem::path& inputs);

}  // namespace joust::spec
