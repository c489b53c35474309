#pragma once
// A game that explains itself: contracts.csv, negotiations.csv and stats.csv, with the names that
// the reference gives their columns, and a summary. README.md in the folder above describes them.

#include <string>
#include <vector>

#include "common/world_trace.hpp"
#include "worker/worlds/scml/simulation.hpp"
#include "worker/worlds/scml/trace/cast.hpp"
#include "worker/worlds/scml/trace/contract_log.hpp"
#include "worker/worlds/scml/trace/daily_stats.hpp"
#include "worker/worlds/scml/trace/negotiation_log.hpp"

namespace joust::worlds::scml {

// The WorldType::tables of the worlds that are traced by this.
std::vector<std::string> trace_tables();

// Watches one game from its first day on.
class GameTrace : public DayObserver, public NegotiationObserver {
 public:
  // `rounds`: of a negotiation. REQUIRES: the economy of the cast outlives the trace.
  GameTrace(int rounds, Cast cast);
  GameTrace(const GameTrace&) = delete;
  GameTrace& operator=(const GameTrace&) = delete;

  void on_open(int number, const Opening& opening) override;
  void on_proposal(int number, int factory, const Offer& offer) override;
  void on_refused(int number, int factory, const Offer& offer) override;
  void on_end(int number, End end, int rounds, int factory) override;
  void on_day(int day, std::span<const FactoryState> factories, std::span<const Contract> contracts,
              const std::vector<double>& prices_before,
              const std::vector<double>& prices_after) override;

  // All of it. Call it when the game is over.
  void tell(WorldTrace& trace) const;

 private:
  // What a factory did in the whole game.
  struct Course {
    double balance = 0;
    bool bankrupt = false;
    int bought = 0;
    int promised = 0;
    int produced = 0;
    int days_short = 0;
  };

  SummaryTable factories() const;
  SummaryTable products() const;

  Cast cast_;
  int day_ = 0;  // being played
  ContractLog contracts_;
  NegotiationLog negotiations_;
  DailyStats stats_;
  std::vector<Course> courses_;  // per factory
  std::vector<double> prices_;   // per product, after the last day
};

}  // namespace joust::worlds::scml
