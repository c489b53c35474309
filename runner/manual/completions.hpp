#pragma once
// What shells load to complete joust's commands, options, their choices, files and folders.

#include <string>

#include "runner/manual/description.hpp"

namespace joust::manual {

std::string bash_completion(const Program& program);  // for share/bash-completion/completions/joust
std::string zsh_completion(const Program& program);   // for _joust in a folder of $fpath
std::string fish_completion(const Program& program);  // for vendor_completions.d/joust.fish

}  // namespace joust::manual
