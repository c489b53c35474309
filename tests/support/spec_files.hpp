#pragma once
// Specs in a folder of their own, and a world that has every kind of parameter.

#include <filesystem>
#include <string>
#include <string_view>

#include "runner/spec/spec.hpp"

namespace joust::test {

// A fresh folder, removed with everything in it.
class SpecFolder {
 public:
  SpecFolder();
  ~SpecFolder();
  SpecFolder(const SpecFolder&) = delete;
  SpecFolder& operator=(const SpecFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Writes a file and gives its path.
  std::filesystem::path write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

// The world `probe` (2 to 4 seats, 3 by default) with one parameter of each kind, named after it,
// and competitor types Plain (nothing), Tuned (`level`, 1 to 10) and Scripted (`script`, a file).
// It refuses a setup whose `integer` is 13.
WorldRegistry probe_worlds();

// Loads `text` as the file spec.toml.
spec::LoadedSpec load_text(std::string_view text, const spec::Overrides& overrides = {});

// Loads the first TOML example of a Markdown text.
spec::LoadedSpec load_example(std::string_view markdown);

// The error that loading `text` as the file spec.toml gives, without the folder's name; "no error".
std::string error_of(std::string_view text, const spec::Overrides& overrides = {});

}  // namespace joust::test
