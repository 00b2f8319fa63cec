"""Encoders made from the weights that packages carry: conversion, vocabulary, cache."""
