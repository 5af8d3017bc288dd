"""What the user handed in, together: subjects as a certificate names them, and the rule of every step about them.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING or __package__:
    from .rules import (
        DEEP_NETWORK_RULES,
        DEEP_RULES,
        FILTER_CHAIN_RULES,
        FILTER_NETWORK_RULES,
        FILTER_PRODUCT_RULES,
        FILTER_RULES,
        NETWORK_RULES,
        PROBLEM_RULES,
        PRODUCT_RULES,
        RULES,
    )
    from .rules.chain import Chain
    from .rules.deep_class import ChainNetworks, DeepInstance
    from .rules.dictionary import Dictionary, SubjectError
    from .rules.filter_chain import FilterChain
    from .rules.filter_chain_class import FilterChainInstance
    from .rules.filter_network import FilterNetwork, FilterNetworkInstance
    from .rules.filters import Filters
    from .rules.signals import Instance, Signals
    from .rules.stored_network import NetworkInstance, StoredNetwork
    from .rules.values import Reject, Task
else:  # the checker runs as a file in a bare interpreter
    from rules import (
        DEEP_NETWORK_RULES,
        DEEP_RULES,
        FILTER_CHAIN_RULES,
        FILTER_NETWORK_RULES,
        FILTER_PRODUCT_RULES,
        FILTER_RULES,
        NETWORK_RULES,
        PROBLEM_RULES,
        PRODUCT_RULES,
        RULES,
    )
    from rules.chain import Chain
    from rules.deep_class import ChainNetworks, DeepInstance
    from rules.dictionary import Dictionary, SubjectError
    from rules.filter_chain import FilterChain
    from rules.filter_chain_class import FilterChainInstance
    from rules.filter_network import FilterNetwork, FilterNetworkInstance
    from rules.filters import Filters
    from rules.signals import Instance, Signals
    from rules.stored_network import NetworkInstance, StoredNetwork
    from rules.values import Reject, Task


class Step(Protocol):
    """A step as written: a rule, its evidence, and in a chain what it is about."""

    @property
    def rule(self) -> str:
        """The name of the rule."""
        ...

    @property
    def evidence(self) -> object:
        """The evidence."""
        ...

    @property
    def about(self) -> tuple[int, ...] | None:
        """The product of dictionaries."""
        ...


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the user handed in: a dictionary, with signals or codes, and a network, or not; a chain, with networks."""

    dictionary: Dictionary
    instance: Instance | None
    network: NetworkInstance | None = None
    chain: Chain | None = None
    networks: ChainNetworks | None = None

    @staticmethod
    def of(
        dictionaries: Sequence[Dictionary], signals: Signals | None, networks: Sequence[StoredNetwork] = ()
    ) -> Subjects:
        """Return all of them; raise SubjectError if they do not fit."""
        first = dictionaries[0]
        if len(dictionaries) == 1:
            if len(networks) > 1:
                raise SubjectError(f"one dictionary has one network, and {len(networks)} were handed in")
            instance = None if signals is None else Instance.of(first, signals)
            return Subjects(first, instance, NetworkInstance.of(first, networks[0]) if networks else None)
        if signals is not None:
            raise SubjectError("signals and codes are for one dictionary, and a chain was handed in")
        chain = Chain.of(tuple(dictionaries))
        return Subjects(first, None, None, chain, ChainNetworks.of(chain, networks) if networks else None)

    @property
    def described(self) -> list[dict[str, object]]:
        """The subjects as a certificate names them."""
        dictionaries = (self.dictionary,) if self.chain is None else self.chain.dictionaries
        found = [
            {"digest": d.digest, "field": d.field, "role": "dictionary", "shape": [d.m, d.n]} for d in dictionaries
        ]
        if self.instance is not None:
            s = self.instance.signals
            found.append({"digest": s.digest, "field": s.field, "role": s.role, "shape": [s.length, s.count]})
        networks = () if self.network is None else (self.network.network,)
        networks = networks if self.networks is None else self.networks.networks
        found += [{"digest": n.digest, "field": "real", "role": "network", "shape": [n.m, n.n]} for n in networks]
        return cast("list[dict[str, object]]", found)

    def task(self, step: Step, most_work: int) -> Task:
        """Return what a step will do; a product of dictionaries is formed here, and only if its work is allowed."""
        if self.chain is not None:
            return _chain_task(self.chain, self.networks, step, most_work)
        if step.about is not None or step.rule in PRODUCT_RULES | DEEP_RULES | DEEP_NETWORK_RULES:
            raise Reject("it is about a chain, and one dictionary was handed in")
        if step.rule in RULES:
            return RULES[step.rule](self.dictionary, step.evidence)
        if step.rule in NETWORK_RULES:
            if self.network is None:
                raise Reject("this rule is about a network, and none was handed in")
            return NETWORK_RULES[step.rule](self.network, step.evidence)
        if step.rule not in PROBLEM_RULES:
            raise Reject("this checker knows no such rule")
        if self.instance is None:
            raise Reject("this rule is about signals, and none were handed in")
        return PROBLEM_RULES[step.rule](self.instance, step.evidence)


def _chain_task(chain: Chain, networks: ChainNetworks | None, step: Step, most_work: int) -> Task:
    if step.rule in DEEP_RULES | DEEP_NETWORK_RULES:
        if step.about is not None:
            raise Reject("this rule is about the whole chain, and the step has a field about")
        if step.rule in DEEP_RULES:
            return DEEP_RULES[step.rule](chain, step.evidence)
        instance = DeepInstance(networks, chain, most_work)
        task = DEEP_NETWORK_RULES[step.rule](instance, step.evidence)
        return replace(task, work=task.work + instance.spent)
    rule = (RULES | PRODUCT_RULES).get(step.rule)
    if rule is None:
        raise Reject("this checker knows no such rule about a chain")
    if step.about is None or len(step.about) != 2:
        raise Reject("about is not a pair that names a product of dictionaries")
    product, spent = chain.product(*step.about, most_work)
    task = rule(product, step.evidence)
    return replace(task, work=task.work + spent)


@dataclass(frozen=True, slots=True)
class FilterSubject:
    """What the user handed in: the filters of convolutional dictionaries of all sizes, and a network, or not."""

    filters: Filters
    network: FilterNetworkInstance | None = None

    @staticmethod
    def of(filters: Filters, network: FilterNetwork | None) -> FilterSubject:
        """Return both; raise SubjectError if they do not fit."""
        return FilterSubject(filters, None if network is None else FilterNetworkInstance.of(filters, network, cut=True))

    @property
    def described(self) -> list[dict[str, object]]:
        """The subjects as a certificate names them."""
        f = self.filters
        shape = [f.count, f.channels, *f.taps]
        found: list[dict[str, object]] = [{"digest": f.digest, "field": "real", "role": "filters", "shape": shape}]
        if self.network is not None:
            digest = self.network.network.digest
            found.append({"digest": digest, "field": "real", "role": "network", "shape": shape})
        return found

    def task(self, step: Step, most_work: int) -> Task:
        """Return what a step will do."""
        del most_work  # nothing is computed here
        if step.about is None and step.rule in FILTER_NETWORK_RULES:
            if self.network is None:
                raise Reject("this rule is about a network, and none was handed in")
            return FILTER_NETWORK_RULES[step.rule](self.network, step.evidence)
        if step.about is not None or step.rule not in FILTER_RULES:
            raise Reject("this checker knows no such rule about filters")
        return FILTER_RULES[step.rule](self.filters, step.evidence)


@dataclass(frozen=True, slots=True)
class FilterChainSubject:
    """What the user handed in: a chain of filters, and networks: none, one for the product of all, or one for each."""

    chain: FilterChain
    networks: tuple[FilterNetwork, ...]

    @staticmethod
    def of(filters: Sequence[Filters], networks: Sequence[FilterNetwork]) -> FilterChainSubject:
        """Return both; raise SubjectError if they do not fit."""
        chain = FilterChain.of(filters)
        if len(networks) not in (0, 1, chain.depth):
            raise SubjectError(
                f"a chain of {chain.depth} arrays of filters has one network for their product or {chain.depth}, one "
                f"for each; {len(networks)} were handed in"
            )
        return FilterChainSubject(chain, tuple(networks))

    @property
    def described(self) -> list[dict[str, object]]:
        """The subjects as a certificate names them."""
        found: list[dict[str, object]] = [
            {"digest": f.digest, "field": "real", "role": "filters", "shape": [f.count, f.channels, *f.taps]}
            for f in self.chain.filters
        ]
        for network in self.networks:
            shape = list(network.shape)
            found.append({"digest": network.digest, "field": "real", "role": "network", "shape": shape})
        return found

    def task(self, step: Step, most_work: int) -> Task:
        """Return what a step will do; a product is formed here, and only if its work is allowed."""
        if step.rule in FILTER_CHAIN_RULES:
            if step.about is not None:
                raise Reject("this rule is about the whole chain, and the step has a field about")
            instance = FilterChainInstance(self.chain, self.networks, most_work)
            task = FILTER_CHAIN_RULES[step.rule](instance, step.evidence)
            return replace(task, work=task.work + instance.spent)
        rule = (FILTER_RULES | FILTER_PRODUCT_RULES).get(step.rule)
        if rule is None:
            raise Reject("this checker knows no such rule about a chain of filters")
        if step.about is None or len(step.about) != 2:
            raise Reject("about is not a pair that names a product of filters")
        product, spent = self.chain.product(*step.about, most_work)
        task = rule(product, step.evidence)
        return replace(task, work=task.work + spent)
