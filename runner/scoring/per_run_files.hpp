#pragma once
// assigned_configs.json and <run id>/results.json of every counted world: what
// `negmas tournament eval` rebuilds all tables from. README.md beside this file has the fields.

#include <filesystem>
#include <string>

#include "runner/scoring/atomic_file.hpp"
#include "runner/scoring/world_stats.hpp"

namespace joust::scoring {

class PerRunFiles {
 public:
  // `folder`: that of the tables; the paths in the files begin with `shown_folder`, which may be
  // empty. REQUIRES: `assigned`, assigned_configs.json, outlives the object.
  PerRunFiles(AtomicFile& assigned, std::filesystem::path folder, std::string tournament,
              std::filesystem::path shown_folder);

  // Writes the world's folder. Throws JournalError.
  void add(const WorldStats& world);
  // REQUIRES: called once, after the last world.
  void finish();

 private:
  AtomicFile& assigned_;
  std::filesystem::path folder_;
  std::string tournament_;
  std::filesystem::path shown_folder_;
  bool first_ = true;
};

}  // namespace joust::scoring
